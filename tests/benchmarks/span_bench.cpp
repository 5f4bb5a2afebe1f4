// Time per token of a training step where queries see the near past alone: heads whose spans have shrunk beside heads that look as far as
// they can, and segments with a memory beside one whole stream, all with relative positions. span_bench [threads] [d_model]. Every step
// reads 8 192 tokens; five rounds visit all rows in turn. No assertions; not a ctest.

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/base/platform.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/training/bench.h"

namespace {

constexpr int tokensPerStep = 8192;

lab::Experiment decoder(int length, int d) {
    lab::Experiment e;
    e.task.kind = "repeat";
    e.task.seq_len = length;
    e.model.architecture = lab::Architecture::decoder;
    e.model.max_seq_len = length;
    e.model.d_model = d;
    e.model.num_layers = 2;
    e.model.num_heads = 2;
    e.model.position.kind = lab::PositionKind::relative;
    e.training.batch_size = tokensPerStep / length;
    e.task.validation_size = 0;
    e.task.test_size = 0;
    e.training.steps = 1000000;
    e.training.validate_every = e.training.steps;
    return e;
}

lab::BenchRow spans(double share, int length, int d, int threads) {
    lab::Experiment e = decoder(length, d);
    e.model.attention.span = true;
    e.model.attention.span_start = share;
    e.training.optimizer.learning_rate = 0;  // spans stay as they are
    return {lab::resolved(e), threads};
}

lab::BenchRow pattern(const lab::PatternConfig& seen, int length, int d, int threads) {
    lab::Experiment e = decoder(length, d);
    e.model.attention.pattern = seen;
    return {lab::resolved(e), threads};
}

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    const int threads = argc > 1 ? std::atoi(argv[1]) : 2;
    const int d = argc > 2 ? std::atoi(argv[2]) : 64;
    constexpr int lengths[] = {256, 1024};
    std::vector<lab::BenchRow> rows;
    for (const double share : {0.0, 1.0})
        for (const int length : lengths) rows.push_back(spans(share, length, d, threads));
    for (const lab::PatternConfig& seen : {lab::PatternConfig{"segments", {{"segment", 32}, {"memory", 32}}}, lab::PatternConfig()})
        for (const int length : lengths) rows.push_back(pattern(seen, length, d, threads));
    const lab::BenchReport report = lab::runBench(rows, {5, 0.6}, [](int, std::size_t) {});

    std::printf("%s, %s, %d threads; decoder d %d, L 2, h 2, relative, %d tokens a step\n", report.processor.c_str(), report.isa.c_str(),
                threads, d, tokensPerStep);
    const auto time = [&](std::size_t i) { return report.results[i].stepSeconds / tokensPerStep * 1e6; };
    std::printf("microseconds a token    n 256   n 1024   ratio\n");
    const char* names[] = {"spans 0, ramp 8", "spans n, ramp 8", "segments 32, memory 32", "one stream"};
    for (std::size_t i = 0; i < 4; ++i)
        std::printf("%-22s %7.3f  %7.3f  %6.2f\n", names[i], time(2 * i), time(2 * i + 1), time(2 * i + 1) / time(2 * i));
}
