// expect: (cannot convert|no viable conversion|cannot initialize).*link_id
#include <runnel/core.hpp>

runnel::link_id link{7};
#ifdef RUNNEL_CONTROL
runnel::link_id same = link;
#else
runnel::node_id node = link;
#endif
