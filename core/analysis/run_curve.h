#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "core/analysis/smoothing.h"

namespace lab {

/// What training has cost so far: three ways to count it.
enum class Effort { steps, tokens, seconds };

/// Loss and accuracy of one training over its effort, as exponential averages of what each step found on its batch.
class RunCurve {
public:
    static constexpr double smoothingFactor = 0.93;

    struct Step {
        std::int64_t step = 0;
        double tokens = 0;   ///< of this step
        double seconds = 0;  ///< of computing, of this step
        double loss = 0;
        double accuracy = 0;                         ///< fraction of 1
        std::optional<double> validationAccuracy{};  ///< after the step
    };

    RunCurve();

    void add(const Step& step);
    std::size_t size() const { return m_loss.size(); }
    bool empty() const { return m_loss.empty(); }

    /// Ascending. Tokens and seconds count from the first step that was added.
    const std::vector<double>& effort(Effort kind) const { return m_effort[static_cast<std::size_t>(kind)]; }
    const std::vector<double>& loss() const { return m_loss; }
    const std::vector<double>& accuracy() const { return m_accuracy; }

    /// What the newest validation found; nothing before the first one.
    std::optional<double> latestValidation() const;
    /// The effort behind which a validation first found at least this accuracy; without any validation the first step at which the
    /// average did. Nothing when it never happened.
    std::optional<double> effortTo(double accuracy, Effort kind) const;

private:
    std::array<std::vector<double>, 3> m_effort;
    std::vector<double> m_loss, m_accuracy;
    struct Validation {
        std::size_t index;
        double accuracy;
    };
    std::vector<Validation> m_validations;
    ExponentialAverage m_lossAverage, m_accuracyAverage;
};

/// Numbers of the same thing from several seeds.
struct Spread {
    double mean = 0;
    double deviation = 0;  ///< of the sample: divided by count - 1; 0 for one number
    double low = 0;
    double high = 0;
    int count = 0;
};

/// What a band around the mean shows.
enum class BandKind {
    deviation,  ///< mean - deviation .. mean + deviation
    range,      ///< low .. high
};
std::pair<double, double> bandOf(const Spread& spread, BandKind kind);

/// Asserts that there is a number.
Spread spreadOf(std::span<const double> values);

/// One curve's points, x ascending.
struct CurveView {
    std::span<const double> x, y;
};

struct BandPoint {
    double x = 0;
    Spread spread;
};

/// Mean and spread of several curves, at up to `points` evenly spaced x where all of them have a value (between two points a straight
/// line). Empty when they have no x in common.
std::vector<BandPoint> bandOver(std::span<const CurveView> curves, int points);

/// The value at x, between two points by a straight line; nothing outside.
std::optional<double> valueAt(const CurveView& curve, double x);

}  // namespace lab
