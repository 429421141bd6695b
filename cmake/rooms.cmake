# The one table of rooms. The build (file sets, tests, single headers) and the lints read it; include() it from
# anywhere, also from `cmake -P` scripts.
#
#   allow_<room>   rooms it may include besides itself and std; `any` means all. A new arrow is a reviewed one-line diff.
#   needs_<room>   packages outside std. Empty: the room belongs to runnel::core, which has no dependency at all.
#
# Every room is a folder include/runnel/<room>/ with a door header include/runnel/<room>.hpp; one without a door
# (interop) is opt-in: no door and no other room includes it.

set(RUNNEL_ROOMS core graph event weight cost fanout split engine learn recall credit io host interop)

set(allow_core)
set(allow_graph   core)
set(allow_event   core)
set(allow_weight  core graph event)
set(allow_cost    core graph event)
set(allow_fanout  core graph event)
set(allow_split   core graph event)
set(allow_engine  core graph event weight cost fanout split)
set(allow_learn   core graph event weight)
set(allow_recall  core graph event)
set(allow_credit  core graph event)
set(allow_io      core graph event)
set(allow_host    any)
set(allow_interop any)

set(needs_interop Eigen fmt zlib)
