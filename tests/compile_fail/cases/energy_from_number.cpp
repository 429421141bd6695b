// expect: (conversion from .int. to non-scalar type|no viable conversion from .int. to).*energy
#include <runnel/core.hpp>

#ifdef RUNNEL_CONTROL
auto amount = runnel::energy::from_units(3);
#else
runnel::energy amount = 3;
#endif
