// expect: io: a config has a static visit\(self, f\) that calls f\(name, member\) for each setting
#include <runnel/io.hpp>

struct walked {
    int depth = 1;
#ifdef RUNNEL_CONTROL
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        f("depth", self.depth);
    }
#endif
};

void wrong() {
    walked all;
    static_cast<void>(runnel::io::set(all, "depth", "2"));
}
