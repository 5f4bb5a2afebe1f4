// What a model of another program takes: opening it and its first trace with what memory, a forward pass, a cached token; one line of
// JSON. Times are the best of the rounds, forward_cpu_ms that of the processor: others may be busy on the same machine.
// Usage: pretrained_bench PATH [--tokens 128] [--rounds 5] [--threads 1] [--int8]
//        pretrained_bench PATH --trace FILE ID ..   writes the trace of these tokens instead

#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <fstream>
#include <string>

#include "core/base/errors.h"
#include "core/io/safetensors.h"
#include "core/model/decoding.h"
#include "core/ops/kernels.h"
#include "core/pretrained/pretrained_model.h"

namespace {

using namespace lab;

struct Options {
    std::string path;
    int tokens = 128, rounds = 5, threads = 1;
    bool int8 = false;
    std::string trace;          ///< where one is written
    std::vector<int> traced{};  ///< its tokens
};

Options optionsOf(int argc, char** argv) {
    Options options;
    for (int i = 1; i < argc; ++i) {
        const std::string word = argv[i];
        int* number = word == "--tokens"    ? &options.tokens
                      : word == "--rounds"  ? &options.rounds
                      : word == "--threads" ? &options.threads
                                            : nullptr;
        if (word == "--int8")
            options.int8 = true;
        else if (word == "--trace" && i + 1 < argc)
            options.trace = argv[++i];
        else if (!options.trace.empty())
            options.traced.push_back(std::atoi(word.c_str()));
        else if (!number)
            options.path = word;
        else if (i + 1 < argc)
            *number = std::max(1, std::atoi(argv[++i]));
    }
    return options;
}

/// MB of this process that were in memory at the most, at a moment (VmHWM), or are now (VmRSS).
double residentMegabytes(const char* key) {
    std::ifstream status("/proc/self/status");
    for (std::string line; std::getline(status, line);)
        if (line.starts_with(key)) return std::atof(line.c_str() + std::strlen(key) + 1) / 1024;
    return 0;
}

template <class Function>
double millisecondsOf(Function f) {
    const auto begin = std::chrono::steady_clock::now();
    f();
    return std::chrono::duration<double, std::milli>(std::chrono::steady_clock::now() - begin).count();
}

template <class Function>
double best(int rounds, Function f) {
    double least = 1e300;
    for (int i = 0; i < rounds; ++i) least = std::min(least, millisecondsOf(f));
    return least;
}

/// The same of the processor alone.
template <class Function>
double bestOfProcessor(int rounds, Function f) {
    double least = 1e300;
    for (int i = 0; i < rounds; ++i) {
        const std::clock_t begin = std::clock();
        f();
        least = std::min(least, 1e3 * static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC);
    }
    return least;
}

std::vector<int> someTokens(int count, int symbols) {
    std::vector<int> tokens;
    for (int i = 0; i < count; ++i) tokens.push_back(static_cast<int>((1009LL * i + 7919) % symbols));
    return tokens;
}

void writeTrace(const Options& options) {
    const PretrainedModel opened = openPretrained(options.path);
    writeSafetensors(options.trace, fileTensors(opened.model->trace(opened.weights, {options.traced, {}, {}, {}, {}})));
}

void measure(const Options& options) {
    PretrainedModel opened;
    const double openMs = millisecondsOf([&] { opened = openPretrained(options.path); });
    const double openPeak = residentMegabytes("VmHWM:"), openNow = residentMegabytes("VmRSS:");
    const Model& model = *opened.model;
    const Input input{someTokens(options.tokens, *model.config().vocab_size), {}, {}, {}, {}};
    TraceMemory memory;
    TraceRequest logits;
    logits.intermediates = false;
    const double firstMs = millisecondsOf([&] {
        const std::shared_ptr<const Weights> weights(&opened.weights, [](const Weights*) {});
        traceOnDemand(opened.model, weights, input, {}, memory);
    });
    const double firstPeak = residentMegabytes("VmHWM:");
    const double processorMs = bestOfProcessor(options.rounds, [&] { model.trace(opened.weights, input, logits, memory); });
    const double forwardMs = best(options.rounds, [&] { model.trace(opened.weights, input, logits, memory); });
    const double traceMs = best(options.rounds, [&] { model.trace(opened.weights, input, {}, memory); });
    std::printf(
        "{\"isa\": \"%s\", \"weights_mb\": %.1f, \"open_ms\": %.1f, \"open_peak_mb\": %.1f, \"open_resident_mb\": %.1f, "
        "\"first_trace_ms\": %.1f, \"trace_peak_mb\": %.1f, \"forward_ms\": %.2f, \"forward_cpu_ms\": %.2f, \"trace_ms\": %.2f",
        selectIsa(), static_cast<double>(opened.weights.size()) * 4 / 1048576, openMs, openPeak, openNow, firstMs, firstPeak, forwardMs,
        processorMs, traceMs);
    if (specOf(model.config().architecture).decoder) {
        DecodingManner manner;
        manner.threads = options.threads;
        if (options.int8) {
            manner.quantisation = findQuantisation("int8");
            opened.weights = quantised(opened.weights, model.layout(), *manner.quantisation);
        }
        Decoding decoding(opened.model, opened.weights, {}, manner);
        const double promptMs = millisecondsOf([&] { decoding.append(input.tokens); });
        const double tokenMs = best(4 * options.rounds, [&] { decoding.append({1}); });
        const double processorsMs = bestOfProcessor(4 * options.rounds, [&] { decoding.append({1}); });
        std::printf(", \"prompt_ms\": %.2f, \"token_ms\": %.3f, \"token_cpu_ms\": %.3f, \"decode_peak_mb\": %.1f", promptMs, tokenMs,
                    processorsMs, residentMegabytes("VmHWM:"));
    }
    std::printf("}\n");
}

}  // namespace

int main(int argc, char** argv) {
    try {
        const Options options = optionsOf(argc, argv);
        options.trace.empty() ? measure(options) : writeTrace(options);
        return 0;
    } catch (const lab::InputError& error) {
        std::fprintf(stderr, "error: %s\n", error.what());
        return 1;
    }
}
