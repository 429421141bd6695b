// SPDX-License-Identifier: MIT
// The jobs as frames of the engine.
#include <utility>

#include "peers/peer.hpp"

namespace peers {

namespace {

runnel::config matrix_step(runnel::storage where) {
    runnel::config c;
    c.implementation = runnel::implementation::matrix;
    c.storage = where;
    c.matrix = {.alpha = sent, .delta = 0};
    c.decay.base = 0;
    c.decay.flush_below = 0;
    return c;
}

class frames final : public peer {
public:
    using engine_type = runnel::engine<runnel::graph_rows>;
    explicit frames(graph const& g)
        : nodes_(g.nodes),
          engine_(runnel::make_engine(
                      g.built->graph, std::as_const(g.built->store),
                      matrix_step(runnel::storage::dense))
                      .value()),
          all_(engine_.make_field()),
          some_(engine_.make_field()) {}
    std::string name() override { return "runnel, matrix"; }
    void start(std::vector<double> const& x) override {
        all_.reset();
        stimuli_.clear();
        for (std::uint32_t n = 0; n < nodes_; ++n)
            if (x[n] > 0) stimuli_.push_back({runnel::node_id{n}, x[n]});
        engine_.inject(all_, stimuli_).value();
    }
    void step() override { engine_.tick(all_, {.dt = 1}).value(); }
    std::vector<double> state() override { return of(all_); }
    void seed(std::span<std::uint32_t const> nodes) override {
        some_.reset();
        stimuli_.clear();
        for (std::uint32_t const n : nodes) stimuli_.push_back({runnel::node_id{n}, seed_units});
        engine_.inject(some_, stimuli_).value();
    }
    void push() override { engine_.tick(some_, {.dt = 1}).value(); }
    std::vector<double> pushed() override { return of(some_); }

private:
    [[nodiscard]] std::vector<double> of(runnel::field const& f) const {
        std::vector<double> x(nodes_);
        for (std::uint32_t n = 0; n < nodes_; ++n) x[n] = f.energy_of(runnel::node_id{n});
        return x;
    }
    std::uint32_t nodes_;
    engine_type engine_;
    runnel::field all_;
    runnel::field some_;
    std::vector<runnel::stimulus> stimuli_;
};

} // namespace

std::unique_ptr<peer> ours(graph const& g) { return std::make_unique<frames>(g); }

strides::strides(graph const& g)
    : engine_(runnel::make_engine(g.built->graph, std::as_const(g.built->store)).value()),
      field_(engine_.make_field()) {}
void strides::seed(std::span<std::uint32_t const> nodes) {
    field_.reset();
    stimuli_.clear();
    for (std::uint32_t const n : nodes) stimuli_.push_back({runnel::node_id{n}, seed_units});
    engine_.inject(field_, stimuli_).value();
}
void strides::frame() { links_ = engine_.tick(field_, {.dt = 1}).value().strides; }

} // namespace peers
