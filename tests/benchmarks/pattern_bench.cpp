// Time per token of a training step against the length of the sequences, a sliding window beside full attention:
// pattern_bench [threads] [d_model]. Every step reads 8 192 tokens; five rounds visit all rows in turn. No assertions; not a ctest.

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "core/base/platform.h"
#include "core/config/experiment.h"
#include "core/config/validation.h"
#include "core/training/bench.h"

namespace {

constexpr int tokensPerStep = 8192;

lab::BenchRow row(const lab::PatternConfig& pattern, int length, int d, int threads) {
    lab::Experiment e;
    e.task.seq_len = length;
    e.model.max_seq_len = length;
    e.model.d_model = d;
    e.model.num_layers = 2;
    e.model.num_heads = 2;
    e.model.attention.pattern = pattern;
    e.training.batch_size = tokensPerStep / length;
    e.task.validation_size = 0;
    e.task.test_size = 0;
    e.training.steps = 1000000;
    e.training.validate_every = e.training.steps;
    return {lab::resolved(e), threads};
}

}  // namespace

int main(int argc, char** argv) {
    lab::reexecuteWithPassiveWaiting(argv);
    const int threads = argc > 1 ? std::atoi(argv[1]) : 2;
    const int d = argc > 2 ? std::atoi(argv[2]) : 64;
    std::vector<lab::BenchRow> rows;
    for (const lab::PatternConfig& pattern : {lab::PatternConfig{"sliding-window", {{"window", 32}}}, lab::PatternConfig()})
        for (const int length : {512, 2048}) rows.push_back(row(pattern, length, d, threads));
    const lab::BenchReport report = lab::runBench(rows, {5, 0.6}, [](int, std::size_t) {});

    std::printf("%s, %s, %d threads; encoder d %d, L 2, h 2, %d tokens a step\n", report.processor.c_str(), report.isa.c_str(), threads, d,
                tokensPerStep);
    const auto time = [&](std::size_t i) { return report.results[i].stepSeconds / tokensPerStep * 1e6; };
    std::printf("microseconds a token   n 512   n 2048   ratio\n");
    std::printf("window 32            %7.3f  %7.3f  %6.2f\n", time(0), time(1), time(1) / time(0));
    std::printf("full                 %7.3f  %7.3f  %6.2f\n", time(2), time(3), time(3) / time(2));
}
