"""Staff, research and finance of the synthetic college: what S01, S02, S07, F01–F03, F05 and F06
hand in beyond the people and posts themselves."""

from warehouse.simulate.work.write import write_work

__all__ = ["write_work"]
