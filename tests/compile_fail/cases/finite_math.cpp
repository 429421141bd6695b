// expect: energies and orders are exact; compile the including file without -ffast-math or its parts
// flags: -ffinite-math-only
#include <runnel/core.hpp>
