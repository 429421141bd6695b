// expect: io: a setting of this type cannot be read from text
#include <runnel/io/settings.hpp>

struct colour {
    double red = 0;
};
struct paint_config {
#ifdef RUNNEL_CONTROL
    double red = 0;
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        f("red", self.red);
    }
#else
    colour shade{};
    template <class Self, class F> static constexpr void visit(Self& self, F&& f) {
        f("shade", self.shade);
    }
#endif
};

void user() {
    paint_config paint;
    static_cast<void>(runnel::io::set(paint, "red", "1"));
}
