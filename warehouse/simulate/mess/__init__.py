"""The same college as it really arrives: forms to be read, rows and files to be refused."""

from warehouse.simulate.mess.mending import deliver_mended
from warehouse.simulate.mess.mixing import make_mess

__all__ = ["deliver_mended", "make_mess"]
