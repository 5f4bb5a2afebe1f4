#include "core/layers/bottleneck.h"

#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>
#include <map>
#include <numeric>

#include "tests/core/layers/bottleneck_testing.h"

using namespace lab;
using namespace lab::testing;

// The layer against its twin, whose own slopes are central differences in double; where a code is chosen the twin adds what the choice
// changes as a number that no weight moves: the definition of straight-through.

namespace {

struct SlotRow {
    const char* name;
    BottleneckConfig bottleneck;
    bool training;
};

const std::vector<SlotRow>& slotRows() {
    static const std::vector<SlotRow> all{
        {"fsq odd", {"fsq", {{"slots", 3}, {"levels", 5}}, 0.4, 0.7}, false},
        {"fsq even", {"fsq", {{"slots", 4}, {"levels", 4}}, 0.4, 0.7}, false},
        {"fsq, nothing beside", {"fsq", {{"slots", 1}, {"levels", 3}}, 0, 0}, true},
        {"bits", {"bits", {{"count", 3}}, 0.4, 0.7}, false},
        {"one-hot", {"one-hot", {{"slots", 3}, {"codes", 4}}, 0.4, 0.7}, true},
        {"gumbel, looked at", {"gumbel", {{"slots", 2}, {"codes", 3}, {"tau", 0.8}}, 0.4, 0.7}, false},
        {"gumbel, drawn", {"gumbel", {{"slots", 3}, {"codes", 4}, {"tau", 1.5}, {"tau_end", 0.4}, {"tau_rate", 0.01}}, 0.4, 0.7}, true},
        {"gumbel, drawn at the end", {"gumbel", {{"slots", 2}, {"codes", 2}, {"tau", 2}, {"tau_end", 0.9}, {"tau_rate", 0.5}}, 0, 0}, true},
        {"vq", {"vq", {{"slots", 3}, {"codes", 5}, {"dim", 2}, {"beta", 0.3}}, 0.4, 0}, false},
        {"vq, one slot", {"vq", {{"slots", 1}, {"codes", 4}, {"dim", 1}, {"beta", 0.25}}, 0.4, 0.7}, false},
        {"vq of one number", {"vq", {{"slots", 2}, {"codes", 3}, {"dim", 1}, {"beta", 0}}, 0, 0}, true},
    };
    return all;
}

void addRowsOfBottlenecks() {
    QTest::addColumn<int>("row");
    for (std::size_t i = 0; i < slotRows().size(); ++i) QTest::newRow(slotRows()[i].name) << static_cast<int>(i);
}

template <class A, class B>
void compareNumbers(const char* what, const A& found, const B& expected, double tolerance = 1e-10) {
    QCOMPARE(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        QVERIFY2(std::abs(found[i] - expected[i]) <= tolerance * (1 + std::abs(expected[i])),
                 qPrintable(QString("%1[%2]: %3, expected %4").arg(what).arg(i).arg(found[i]).arg(expected[i])));
}

/// Several rows of a pass under each other.
Numbers flattened(const std::vector<Numbers>& parts) {
    Numbers all;
    for (const Numbers& part : parts) all.insert(all.end(), part.begin(), part.end());
    return all;
}

double centralSlope(const std::function<double(double)>& value) {
    constexpr double h = 1e-5;
    return (value(h) - value(-h)) / (2 * h);
}

/// Gradients of all parameters and of what the encoder made, against the slope of `value(weights, encoded)`.
void compareSlotSlopes(const Squeezed& s, bool training, double lossShare,
                       const std::function<double(const Values&, const Values&)>& value) {
    const double start = 0.75;  // parameter gradients are added to
    Values gradient(s.weights.size(), start);
    Values dencoded(s.encoded.size(), std::numeric_limits<double>::quiet_NaN());  // the input's are overwritten
    s.run(s.weights, s.encoded, training, gradient.data(), dencoded.data(), lossShare);
    const auto check = [](const std::string& what, std::size_t i, double found, double expected) {
        QVERIFY2(std::isfinite(found) && std::abs(found - expected) <= 2e-6 * (1 + std::abs(expected)),
                 qPrintable(QString("%1[%2]: %3, central difference %4").arg(what.c_str()).arg(i).arg(found).arg(expected)));
    };
    for (const Parameter& p : s.layout.parameters())
        for (std::size_t k = 0; k < p.size; k += 1 + p.size / 16) {
            const double expected = centralSlope([&](double h) {
                Values moved = s.weights;
                moved[p.offset + k] += h;
                return value(moved, s.encoded);
            });
            check(p.name, k, gradient[p.offset + k] - start, expected);
        }
    for (std::size_t i = 0; i < s.encoded.size(); i += 1 + s.encoded.size() / 60) {
        const double expected = centralSlope([&](double h) {
            Values moved = s.encoded;
            moved[i] += h;
            return value(s.weights, moved);
        });
        check("encoded", i, dencoded[i], expected);
    }
}

/// Keeps what is shown, and puts other numbers in its place.
class KeepingTap final : public Tap<double> {
public:
    std::map<std::string, Numbers> shown, gradients, replaced;

    void tensor(const std::string& name, const std::vector<int>& shape, double* values) override {
        const auto size = std::accumulate(shape.begin(), shape.end(), std::ptrdiff_t{1}, std::multiplies<>());
        if (const auto found = replaced.find(name); found != replaced.end()) std::copy(found->second.begin(), found->second.end(), values);
        shown[name].assign(values, values + size);
    }
    void gradient(const std::string& name, const std::vector<int>& shape, double* values) override {
        const auto size = std::accumulate(shape.begin(), shape.end(), std::ptrdiff_t{1}, std::multiplies<>());
        gradients[name].assign(values, values + size);
    }
    bool headOff(const std::string&, int) const override { return false; }
    bool headUniform(const std::string&, int) const override { return false; }
    bool wantsGradients() const override { return true; }
    const std::vector<bool>& maskedKeys(bool) const override { return m_none; }

private:
    std::vector<bool> m_none;
};

}  // namespace

class BottleneckTest : public QObject {
    Q_OBJECT

private slots:
    void parametersHaveTheirShapes() {
        const Squeezed s({"vq", {{"slots", 3}, {"codes", 5}, {"dim", 2}}});
        const std::map<std::string, std::vector<int>> expected{{"queries", {3, 6}},
                                                               {"attention.query.weight", {6, 6}},
                                                               {"attention.key.weight", {3, 6}},
                                                               {"in.weight", {6, 6}},
                                                               {"in.bias", {6}},
                                                               {"out.weight", {18, 2}},
                                                               {"out.bias", {3, 6}},
                                                               {"book", {5, 2}}};
        for (const auto& [name, shape] : expected) QVERIFY2(s.parameter(name.c_str()).shape == shape, name.c_str());
        for (const Parameter& p : s.layout.parameters()) QVERIFY(p.name.starts_with("bottleneck."));
        QVERIFY(!Squeezed({"one-hot", {}}).layout.find("bottleneck.book"));
    }

    void equalsItsTwin_data() { addRowsOfBottlenecks(); }
    void equalsItsTwin() {
        QFETCH(int, row);
        const SlotRow& of = slotRows()[sizeFrom(row)];
        const Squeezed s(of.bottleneck);
        const SlotTwin twin(s, of.training);
        const SlotOutcome outcome = s.run(s.weights, s.encoded, of.training);
        QCOMPARE(outcome.codes, twin.base().codes);
        compareNumbers("relaxed", outcome.relaxed, flattened(twin.base().relaxed));
        compareNumbers("sent", outcome.sent, flattened(twin.base().sent));
        compareNumbers("memory", outcome.memory, twin.base().memory);
        const Numbers losses{outcome.losses.commitment, outcome.losses.usage, outcome.losses.injectivity};
        const Numbers expected{twin.commitment(s.weights, twin.base()), twin.usage(twin.base()), twin.injectivity(twin.base())};
        compareNumbers("losses", losses, expected);
        QVERIFY(outcome.losses.usage > 0);
        const BottleneckConfig& weights = of.bottleneck;
        compareNumbers("weighted", Numbers{outcome.weighted},
                       Numbers{expected[0] + weights.usage * expected[1] + weights.injectivity * expected[2]});
    }

    void slopesAreItsTwins_data() { addRowsOfBottlenecks(); }
    void slopesAreItsTwins() {
        QFETCH(int, row);
        const SlotRow& of = slotRows()[sizeFrom(row)];
        const Squeezed s(of.bottleneck);
        const SlotTwin twin(s, of.training);
        if (of.bottleneck.injectivity > 0) QVERIFY2(twin.injectivity(twin.base()) > 0, "no pair is close enough to be pushed apart");
        const double share = 0.25;  // of a batch
        compareSlotSlopes(s, of.training, share, [&](const Values& w, const Values& x) { return twin.value(w, x, share); });
    }

    /// In training a drawn code stays relaxed: nothing is put in the place of a slope.
    void drawnCodesAreSmooth() {
        for (const SlotRow& of : slotRows()) {
            if (!of.training || of.bottleneck.kind.name() != "gumbel") continue;
            const Squeezed s(of.bottleneck);
            compareSlotSlopes(s, true, 1, [&](const Values& w, const Values& x) {
                const SlotOutcome moved = s.run(w, x, true);
                return std::inner_product(moved.memory.begin(), moved.memory.end(), s.direction.begin(), moved.weighted);
            });
        }
    }

    void paddingDoesNotMatter_data() { addRowsOfBottlenecks(); }
    void paddingDoesNotMatter() {
        QFETCH(int, row);
        const SlotRow& of = slotRows()[sizeFrom(row)];
        Squeezed s(of.bottleneck);
        const auto run = [&](Values& gradient, Values& dencoded) {
            return s.run(s.weights, s.encoded, of.training, gradient.data(), dencoded.data());
        };
        Values gradient(s.weights.size()), other(s.weights.size()), dencoded(s.encoded.size()), otherEncoded(s.encoded.size());
        const SlotOutcome before = run(gradient, dencoded);
        const auto isPadding = [&](std::size_t r) { return static_cast<int>(r) % twinLength >= s.lengths[r / twinLength]; };
        for (std::size_t r = 0; r < s.tokens.size(); ++r) {
            if (!isPadding(r)) continue;
            s.tokens[r] += 1;
            for (int c = 0; c < twinWidth; ++c) s.encoded[r * twinWidth + sizeFrom(c)] = 1e3 * (c + 1);
        }
        const SlotOutcome after = run(other, otherEncoded);
        QVERIFY(before.memory == after.memory && before.codes == after.codes && before.weighted == after.weighted);
        QVERIFY(gradient == other && dencoded == otherEncoded);
        for (std::size_t i = 0; i < dencoded.size(); ++i)
            if (isPadding(i / twinWidth)) QCOMPARE(dencoded[i], 0.0);
    }

    void equalSequencesAreNotPushedApart() {
        Squeezed s({"bits", {{"count", 3}}, 0, 1}, {3, 3});
        const auto injectivity = [&] { return s.run(s.weights, s.encoded, false).losses.injectivity; };
        const auto gradientOf = [](const Squeezed& of) {
            Values gradient(of.weights.size()), dencoded(of.encoded.size());
            of.run(of.weights, of.encoded, false, gradient.data(), dencoded.data());
            return gradient;
        };
        const Values unpushed = gradientOf(Squeezed({"bits", {{"count", 3}}}, {3, 3}));
        QVERIFY(injectivity() > 0);
        QVERIFY(gradientOf(s) != unpushed);
        std::copy_n(s.tokens.begin(), 3, s.tokens.begin() + twinLength);  // what lies behind their ends still differs
        QVERIFY(!std::equal(s.tokens.begin(), s.tokens.begin() + twinLength, s.tokens.begin() + twinLength));
        QCOMPARE(injectivity(), 0.0);
        QVERIFY(gradientOf(s) == unpushed);
        s.lengths[1] = 2;  // the beginning of another is another
        QVERIFY(injectivity() > 0);
    }

    /// What is a mean over sequences adds up over the parts of a batch; usage and injectivity are those of each part.
    void aBatchMayBeCut() {
        for (const SlotRow& of : slotRows()) {
            BottleneckConfig alone = of.bottleneck;
            alone.usage = alone.injectivity = 0;
            const Squeezed s(alone);
            Values whole(s.weights.size()), parts(s.weights.size()), dwhole(s.encoded.size()), dparts(s.encoded.size());
            const SlotOutcome all = s.run(s.weights, s.encoded, of.training, whole.data(), dwhole.data());
            const SlotOutcome first = s.run(s.weights, s.encoded, of.training, parts.data(), dparts.data(), 0.75, 0, 3);
            const SlotOutcome last = s.run(s.weights, s.encoded, of.training, parts.data(), dparts.data(), 0.25, 3, 1);
            compareNumbers(of.name, parts, whole, 1e-12);
            compareNumbers(of.name, dparts, dwhole, 1e-12);
            compareNumbers(of.name, Numbers{0.75 * first.weighted + 0.25 * last.weighted}, Numbers{all.weighted}, 1e-12);
            Values memory = first.memory;  // of drawn codes too: the noise is the sample's
            memory.insert(memory.end(), last.memory.begin(), last.memory.end());
            compareNumbers(of.name, memory, all.memory, 1e-12);
        }
    }

    void noiseIsOfTrainingAloneAndOfItsSeedStepAndSample() {
        const SlotRow& of = slotRows()[6];
        const Squeezed s(of.bottleneck);
        const SlotOutcome looked = s.run(s.weights, s.encoded, false), drawn = s.run(s.weights, s.encoded, true);
        QVERIFY(looked.relaxed != drawn.relaxed);
        QVERIFY(drawn.relaxed == s.run(s.weights, s.encoded, true).relaxed);
        QVERIFY(drawn.sent == drawn.relaxed && looked.sent != looked.relaxed);
        for (const SlotRow& other : slotRows()) {  // nothing else is drawn
            const Squeezed same(other.bottleneck);
            const bool differs = same.run(same.weights, same.encoded, false).memory != same.run(same.weights, same.encoded, true).memory;
            QCOMPARE(differs, other.bottleneck.kind.name() == "gumbel");
        }
    }

    void codesAloneGiveTheMemory() {
        for (const SlotRow& of : slotRows()) {
            const Squeezed s(of.bottleneck);
            const SlotOutcome outcome = s.run(s.weights, s.encoded, false);
            Scratch scratch;
            Pass<double> pass{kernels<double>(), s.weights.data(), nullptr, nullptr, scratch};
            const int sequences = static_cast<int>(s.lengths.size());
            const double* memory = s.layer->memoryOf(pass, sequences, outcome.codes.data());
            QVERIFY2(std::equal(outcome.memory.begin(), outcome.memory.end(), memory), of.name);
            QCOMPARE(s.layer->slotsOf(pass, sequences).rows(), std::ssize(outcome.codes));
        }
    }

    /// The gradient that arrives at what is sent is that of what was relaxed, as it is.
    void theGradientGoesStraightThrough() {
        for (const SlotRow& of : slotRows()) {
            if (of.bottleneck.kind.name() == "vq") continue;  // has a loss of its own there
            BottleneckConfig alone = of.bottleneck;
            alone.usage = alone.injectivity = 0;
            const Squeezed s(alone, {twinLength});
            Values gradient(s.weights.size()), dencoded(s.encoded.size());
            KeepingTap tap;
            s.run(s.weights, s.encoded, of.training, gradient.data(), dencoded.data(), 1, 0, 1, &tap);
            QVERIFY2(tap.gradients.at("bottleneck.sent") == tap.gradients.at("bottleneck.relaxed"), of.name);
            for (const char* name : {"bottleneck.numbers", "bottleneck.memory", "bottleneck.attention.query"})
                QCOMPARE(tap.gradients.at(name).size(), tap.shown.at(name).size());
        }
    }

    /// Without a look, with one, and with other numbers put in its place at each stage.
    void aLookShowsTheSameAndMayChangeEachStage() {
        for (const SlotRow& of : slotRows()) {
            const Squeezed s(of.bottleneck, {twinLength});
            const SlotOutcome plain = s.run(s.weights, s.encoded, false);
            const auto look = [&](KeepingTap& tap) { return s.run(s.weights, s.encoded, false, nullptr, nullptr, 1, 0, 1, &tap); };
            KeepingTap tap;
            compareNumbers(of.name, look(tap).memory, plain.memory, 1e-12);
            compareNumbers(of.name, tap.shown.at("bottleneck.sent"), plain.sent, 1e-12);
            compareNumbers(of.name, tap.shown.at("bottleneck.memory"), plain.memory, 1e-12);
            QCOMPARE(tap.shown.at("bottleneck.codes"), Numbers(plain.codes.begin(), plain.codes.end()));
            const auto codes = std::vector<int>(plain.codes.size(), plain.codes[0] == 0 ? 1 : 0);
            Scratch scratch;
            Pass<double> pass{kernels<double>(), s.weights.data(), nullptr, nullptr, scratch};
            const double* expected = s.layer->memoryOf(pass, 1, codes.data());
            KeepingTap changedCodes, changedRelaxed, outside;
            changedCodes.replaced["bottleneck.codes"] = Numbers(codes.begin(), codes.end());
            const SlotOutcome ofCodes = look(changedCodes);
            QVERIFY2(ofCodes.codes == codes && std::equal(ofCodes.memory.begin(), ofCodes.memory.end(), expected), of.name);
            changedRelaxed.replaced["bottleneck.relaxed"] = changedCodes.shown.at("bottleneck.sent");
            const SlotOutcome ofRelaxed = look(changedRelaxed);
            QVERIFY2(ofRelaxed.codes == codes && ofRelaxed.memory == ofCodes.memory, of.name);
            outside.replaced["bottleneck.codes"] = Numbers(codes.size(), 1e9);
            QCOMPARE(look(outside).codes, std::vector<int>(codes.size(), s.shape.codes - 1));
        }
    }

    void singlePrecisionAgreesWithDouble() {
        for (const SlotRow& of : slotRows()) {
            const Squeezed s(of.bottleneck);
            const SlotOutcome exact = s.run(s.weights, s.encoded, of.training);
            const Weights weights(s.weights.begin(), s.weights.end()), encoded(s.encoded.begin(), s.encoded.end());
            Weights transposed(s.transposedLayout.size());
            s.transposedLayout.update(kernels<float>(), weights.data(), transposed.data(), 0, weights.size());
            Scratch scratch;
            Pass<float> pass{kernels<float>(), weights.data(), transposed.data(), nullptr, scratch};
            pass.dropout = {0, noiseSeed, noiseStep, noiseSample};
            pass.training = of.training;
            Bottleneck::Cache<float> cache;
            s.layer->forward(pass, s.source(), s.tokens.data(), encoded.data(), cache);
            QVERIFY2(std::equal(exact.codes.begin(), exact.codes.end(), cache.codes), of.name);
            compareNumbers(of.name, Numbers(cache.memory, cache.memory + exact.memory.size()), exact.memory, 1e-4);
            compareNumbers(of.name, Numbers{s.layer->weightedLoss(pass, s.source(), cache)}, Numbers{exact.weighted}, 1e-4);
        }
    }
};

QTEST_APPLESS_MAIN(BottleneckTest)
#include "bottleneck_test.moc"
