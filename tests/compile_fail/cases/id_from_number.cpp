// expect: (cannot convert|no viable conversion|cannot initialize).*(int|node_id)
#include <runnel/core.hpp>

#ifdef RUNNEL_CONTROL
runnel::node_id node{7};
#else
runnel::node_id node = 7;
#endif
