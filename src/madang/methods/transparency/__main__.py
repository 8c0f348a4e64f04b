import sys

from madang.methods.transparency.verify import main

sys.exit(main(sys.argv[1:]))
