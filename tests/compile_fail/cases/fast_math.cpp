// expect: energies and orders are exact; compile the including file without -ffast-math
// flags: -ffast-math
#include <runnel/core.hpp>
