#pragma once

#include <functional>
#include <map>
#include <string>
#include <vector>

#include "core/config/experiment.h"

namespace lab {

/// One line of a measurement: the training step of a resolved experiment with so many threads.
struct BenchRow {
    Experiment experiment;
    int threads = 1;
};

/// Every round visits every row, so that whatever else the machine does meets all of them alike.
struct BenchSettings {
    int rounds = 5;
    double seconds = 0.4;  ///< of measuring a row in a round, at least three steps
};

struct BenchResult {
    BenchRow row;
    double stepSeconds = 0;     ///< median of the rounds, each the median of its steps
    double fastestSeconds = 0;  ///< the best round
    double slowestSeconds = 0;  ///< the worst round
    double tokensPerSecond = 0;
    double gflops = 0;                   ///< 1e9 operations a second, by stepFlops()
    double peakShare = 0;                ///< of the peak of as many threads
    std::vector<double> roundSeconds{};  ///< of each round
    double memoryBytes = 0;              ///< what the training holds behind its steps, data included; 0: the system does not say
};

struct BenchReport {
    std::string processor;
    std::string isa;
    std::map<int, double> peakGflops;  ///< by threads: the median over all visits
    std::vector<BenchResult> results;  ///< in the order of the rows
};

/// Called before each visit.
using BenchProgress = std::function<void(int round, std::size_t row)>;

BenchReport runBench(const std::vector<BenchRow>& rows, const BenchSettings& settings, const BenchProgress& progress);

/// How many times as fast as `other` a row is: the median of the rounds, as the two stand side by side in each.
double speedUpOver(const BenchResult& other, const BenchResult& result);

/// How often the row's step is done in a second, for at least so many seconds behind a warm-up.
double measureStepsPerSecond(const BenchRow& row, double seconds);

/// Fused multiply-adds on registers alone, in 1e9 operations a second: the best of a few slices of some milliseconds.
double measurePeakGflops(int threads);

/// FORMATS 7.
std::string benchJson(const BenchReport& report);

/// Four digits, so that a file shows no precision that a measurement has not.
double fourDigits(double value);

}  // namespace lab
