#include <QtTest>

#include <cmath>
#include <functional>
#include <limits>
#include <numeric>

#include "core/base/random.h"
#include "core/bottlenecks/bottleneck.h"

using namespace lab;

// Every row by itself: its slopes against central differences in double, its codes, and what its formulas say.

namespace {

using Numbers = std::vector<double>;

std::size_t places(int n) {
    return static_cast<std::size_t>(n);
}

/// A bottleneck with numbers of its own, and what its rule sees of a slot.
struct Rule {
    QString name;
    const BottleneckSpec* spec;
    BottleneckShape shape;
    Numbers book;  ///< of those that learn it
    double tau = 1;

    Rule(const char* row, const std::vector<double>& numbers, double temperature = 1)
        : name(QString("%1 of %2").arg(row).arg(numbers.back())),
          spec(&*Kind<BottleneckSpec>(row)),
          shape(spec->shape(numbers)),
          tau(temperature) {
        if (!shape.hasBook) return;
        for (int i = 0; i < shape.codes * shape.width; ++i) book.push_back(RandomStream(4, "book").normal(static_cast<std::uint64_t>(i)));
    }
    SlotView<double> slot() const { return {shape.codes, shape.width, tau, book.empty() ? nullptr : book.data()}; }
    const SlotRule<double>& rule() const { return spec->rule<double>(); }

    Numbers relaxed(const Numbers& h) const {
        Numbers y(h.size(), std::numeric_limits<double>::quiet_NaN());
        rule().relax(slot(), h.data(), y.data());
        return y;
    }
    Numbers numbersOf(int code) const {
        Numbers z(places(shape.width), std::numeric_limits<double>::quiet_NaN());
        rule().numbersOf(slot(), code, z.data());
        return z;
    }
    Numbers shares(const Numbers& y) const {
        Numbers pi(places(shape.codes), std::numeric_limits<double>::quiet_NaN());
        rule().shares(slot(), y.data(), pi.data());
        return pi;
    }
    int codeOf(const Numbers& y) const { return rule().codeOf(slot(), y.data()); }
};

std::vector<Rule> rules() {
    std::vector<Rule> all{{"bits", {4}},
                          {"one-hot", {2, 2}},
                          {"one-hot", {2, 7}},
                          {"vq", {2, 2, 1, 0.25}},
                          {"vq", {2, 6, 3, 0.5}},
                          {"gumbel", {2, 5, 1, 0.5, 1e-3}, 0.6},
                          {"gumbel", {2, 3, 2, 0.5, 1e-3}, 1.7}};
    for (const int levels : {3, 4, 5, 8, 63, 64}) all.emplace_back("fsq", Numbers{3, static_cast<double>(levels)});
    return all;
}

Numbers drawn(const Rule& rule, std::uint64_t seed, double deviation = 1) {
    Numbers h;
    for (int i = 0; i < rule.shape.width; ++i) h.push_back(deviation * RandomStream(seed, "h").normal(static_cast<std::uint64_t>(i)));
    return h;
}

/// The derivative of <f(x), direction> by each x.
Numbers differences(const std::function<Numbers(const Numbers&)>& f, const Numbers& x, const Numbers& direction) {
    constexpr double h = 1e-6;
    Numbers result;
    for (std::size_t i = 0; i < x.size(); ++i) {
        const auto along = [&](double step) {
            Numbers moved = x;
            moved[i] += step;
            const Numbers y = f(moved);
            return std::inner_product(y.begin(), y.end(), direction.begin(), 0.0);
        };
        result.push_back((along(h) - along(-h)) / (2 * h));
    }
    return result;
}

void compare(const QString& what, const Numbers& found, const Numbers& expected, double tolerance = 1e-6) {
    QCOMPARE(found.size(), expected.size());
    for (std::size_t i = 0; i < found.size(); ++i)
        QVERIFY2(std::abs(found[i] - expected[i]) <= tolerance * (1 + std::abs(expected[i])),
                 qPrintable(QString("%1, number %2: %3, expected %4").arg(what).arg(i).arg(found[i]).arg(expected[i])));
}

Numbers randomDirection(int n) {
    Numbers direction;
    for (int i = 0; i < n; ++i) direction.push_back(RandomStream(8, "direction").normal(static_cast<std::uint64_t>(i)));
    return direction;
}

/// Of numbers that are none, too.
template <class T>
void checkCodeOfAnything() {
    constexpr T infinite = std::numeric_limits<T>::infinity();
    for (const Rule& rule : rules()) {
        std::vector<T> book(rule.book.begin(), rule.book.end());
        const SlotView<T> slot{rule.shape.codes, rule.shape.width, static_cast<T>(rule.tau), book.empty() ? nullptr : book.data()};
        const SlotRule<T>& functions = rule.spec->rule<T>();
        for (const T extreme : {T(0), T(1e30), T(-1e30), infinite, -infinite, std::numeric_limits<T>::quiet_NaN()})
            for (int where = 0; where <= rule.shape.width; ++where) {  // at one place, or at all
                std::vector<T> h(places(rule.shape.width), where == rule.shape.width ? extreme : T(0.25)), y(h.size());
                if (where < rule.shape.width) h[places(where)] = extreme;
                functions.relax(slot, h.data(), y.data());
                const int code = functions.codeOf(slot, y.data());
                QVERIFY2(code >= 0 && code < rule.shape.codes, qPrintable(rule.name));
            }
    }
}

}  // namespace

class SlotRulesTest : public QObject {
    Q_OBJECT

private slots:
    void everyRowHasBothPrecisionsAndAName() {
        QCOMPARE(BottleneckSpec::table().front()->name, std::string_view("none"));
        for (const BottleneckSpec* row : BottleneckSpec::table()) {
            QVERIFY(!row->title.empty() && !row->help.empty());
            QCOMPARE(row->exists(), row->name != "none");
            if (!row->exists()) continue;
            const SlotRule<float>& single = row->rule<float>();
            const SlotRule<double>& twice = row->rule<double>();
            QVERIFY(single.relax && single.relaxBackward && single.codeOf && single.numbersOf && single.shares && single.sharesBackward);
            QVERIFY(twice.relax && twice.relaxBackward && twice.codeOf && twice.numbersOf && twice.shares && twice.sharesBackward);
        }
    }

    void whatIsRelaxedHasItsSlope() {
        for (const Rule& rule : rules())
            for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                const Numbers h = drawn(rule, seed), direction = randomDirection(rule.shape.width), y = rule.relaxed(h);
                Numbers dh(h.size(), std::numeric_limits<double>::quiet_NaN());  // it is overwritten
                rule.rule().relaxBackward(rule.slot(), y.data(), direction.data(), dh.data());
                compare(rule.name, dh, differences([&](const Numbers& x) { return rule.relaxed(x); }, h, direction));
            }
    }

    void sharesHaveTheirSlope() {
        for (const Rule& rule : rules())
            for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                const Numbers y = rule.relaxed(drawn(rule, seed)), direction = randomDirection(rule.shape.codes), pi = rule.shares(y);
                const double start = 0.75;  // it is added to
                Numbers dy(y.size(), start);
                rule.rule().sharesBackward(rule.slot(), y.data(), pi.data(), direction.data(), dy.data());
                for (double& d : dy) d -= start;
                compare(rule.name, dy, differences([&](const Numbers& x) { return rule.shares(x); }, y, direction), 2e-6);
            }
    }

    void sharesAddUpToOneAndAreGreatestAtTheCode() {
        for (const Rule& rule : rules())
            for (std::uint64_t seed = 1; seed <= 50; ++seed)
                for (const double deviation : {0.3, 1.0, 4.0}) {
                    const Numbers y = rule.relaxed(drawn(rule, seed, deviation)), pi = rule.shares(y);
                    QVERIFY2(std::abs(std::accumulate(pi.begin(), pi.end(), 0.0) - 1) < 1e-12, qPrintable(rule.name));
                    for (const double share : pi) QVERIFY2(share >= 0, qPrintable(rule.name));
                    const auto code = places(rule.codeOf(y));
                    QVERIFY2(pi[code] >= *std::max_element(pi.begin(), pi.end()) - 1e-12, qPrintable(rule.name));
                }
    }

    /// Beyond the outermost level the whole share is that level's, and nothing pushes further.
    void beyondTheOutermostLevelASequenceIsOfThatLevel() {
        for (const int levels : {3, 4, 5, 8}) {
            const Rule rule("fsq", {1, static_cast<double>(levels)});
            for (const double side : {-30.0, 30.0}) {
                const Numbers y = rule.relaxed({side}), pi = rule.shares(y);
                QCOMPARE(pi[side < 0 ? 0 : places(levels - 1)], 1.0);
                const Numbers dpi = randomDirection(levels);
                Numbers dy{0.0};
                rule.rule().sharesBackward(rule.slot(), y.data(), pi.data(), dpi.data(), dy.data());
                QCOMPARE(dy[0], 0.0);
            }
        }
    }

    void theNumbersOfACodeAreThatCodes() {
        for (const Rule& rule : rules())
            for (int code = 0; code < rule.shape.codes; ++code) QCOMPARE(rule.codeOf(rule.numbersOf(code)), code);
        for (int levels = 2; levels <= 64; ++levels) {
            const Rule rule("fsq", {1, static_cast<double>(levels)});
            for (int code = 0; code < levels; ++code) QCOMPARE(rule.codeOf(rule.numbersOf(code)), code);
        }
    }

    /// SPEC.md 8: z = half tanh(h + shift) - off, index = round z + floor(L / 2).
    void finiteScalarsAreRoundedAsTheFormulaSays() {
        for (int levels = 3; levels <= 64; ++levels) {
            const Rule rule("fsq", {1, static_cast<double>(levels)});
            const double half = (levels - 1) * (1 + 1e-3) / 2, off = levels % 2 == 0 ? 0.5 : 0.0, shift = std::atanh(off / half);
            int last = 0;
            std::vector<bool> reached(places(levels));
            for (int i = -4000; i <= 4000; ++i) {
                const double h = i / 400.0, z = half * std::tanh(h + shift) - off;
                const Numbers y = rule.relaxed({h});
                QVERIFY(std::abs(y[0] * (levels / 2) - z) < 1e-12 * levels);
                const int code = rule.codeOf(y);
                if (std::abs(std::abs(z - std::floor(z)) - 0.5) > 1e-9) QCOMPARE(code, static_cast<int>(std::round(z)) + levels / 2);
                QVERIFY(code >= last);
                last = code;
                reached[places(code)] = true;
                QVERIFY(std::abs(rule.numbersOf(code)[0] - y[0]) <= 0.5 / (levels / 2) + 1e-12);
            }
            QVERIFY2(std::all_of(reached.begin(), reached.end(), [](bool r) { return r; }), qPrintable(rule.name));
            QCOMPARE(rule.codeOf(rule.relaxed({0})), levels / 2);
        }
    }

    void everyNumberHasACode() {
        checkCodeOfAnything<float>();
        checkCodeOfAnything<double>();
    }

    void singlePrecisionAgreesWithDouble() {
        for (const Rule& rule : rules())
            for (std::uint64_t seed = 1; seed <= 20; ++seed) {
                const Numbers h = drawn(rule, seed), exact = rule.relaxed(h), exactShares = rule.shares(exact);
                const std::vector<float> book(rule.book.begin(), rule.book.end()), hf(h.begin(), h.end());
                std::vector<float> y(h.size()), pi(places(rule.shape.codes));
                const SlotView<float> slot{rule.shape.codes, rule.shape.width, static_cast<float>(rule.tau),
                                           book.empty() ? nullptr : book.data()};
                rule.spec->rule<float>().relax(slot, hf.data(), y.data());
                rule.spec->rule<float>().shares(slot, y.data(), pi.data());
                compare(rule.name, {y.begin(), y.end()}, exact, 1e-5);
                compare(rule.name, {pi.begin(), pi.end()}, exactShares, 1e-4);
            }
    }

    void signsAndChoicesSayWhatTheyAre() {
        const Rule bits("bits", {3});
        QCOMPARE(bits.shape.slotCount, 3);
        QCOMPARE(bits.shape.codes, 2);
        QCOMPARE(bits.numbersOf(0), Numbers{-1});
        QCOMPARE(bits.numbersOf(1), Numbers{1});
        QCOMPARE(bits.codeOf(bits.relaxed({-0.001})), 0);
        QCOMPARE(bits.codeOf(bits.relaxed({0})), 1);
        const Rule choice("one-hot", {1, 3});
        QCOMPARE(choice.codeOf(choice.relaxed({0.2, 0.1, 0.3})), 2);
        QCOMPARE(choice.numbersOf(1), (Numbers{0, 1, 0}));
        const Rule warm("gumbel", {1, 3, 1, 0.5, 0}, 0.5);  // as steep as twice the numbers
        compare("tau", warm.relaxed({0.2, -0.1, 0.3}), choice.relaxed({0.4, -0.2, 0.6}), 1e-12);
        const Rule vectors("vq", {1, 5, 2, 0.25});
        QCOMPARE(vectors.numbersOf(3), Numbers(vectors.book.begin() + 6, vectors.book.begin() + 8));
    }

    /// The margin of model.bottleneck.injectivity.
    void neighbouringCodesAreTheMarginApart() {
        for (const Rule& rule : rules()) {
            if (rule.shape.hasBook) continue;
            double least = std::numeric_limits<double>::infinity();
            for (int a = 0; a < rule.shape.codes; ++a)
                for (int b = 0; b < a; ++b) {
                    double squares = 0;
                    for (int i = 0; i < rule.shape.width; ++i)
                        squares += std::pow(rule.numbersOf(a)[places(i)] - rule.numbersOf(b)[places(i)], 2);
                    least = std::min(least, std::sqrt(squares));
                }
            QVERIFY2(std::abs(least - rule.shape.margin) < 1e-12, qPrintable(rule.name));
        }
    }

    void aConfigurationHasAShape() {
        BottleneckConfig config;
        QVERIFY(!config.exists());
        config.kind = "vq";
        config.parameters = {{"slots", 5}, {"codes", 8}, {"dim", 3}, {"beta", 0.5}};
        const BottleneckShape vq = config.shape();
        QVERIFY(config.exists() && vq.hasBook && !vq.draws);
        QCOMPARE(vq.slotCount, 5);
        QCOMPARE(vq.codes, 8);
        QCOMPARE(vq.width, 3);
        QCOMPARE(vq.commitment, 0.5);
        QCOMPARE(bitsOf(vq), 15.0);
        config.kind = "bits";
        config.parameters = {{"count", 24}, {"slots", 5}};
        QCOMPARE(config.shape().slotCount, 24);
        QCOMPARE(bitsOf(config.shape()), 24.0);
        config.kind = "gumbel";
        QCOMPARE(config.shape().width, config.shape().codes);
    }

    void theTemperatureFallsToItsEnd() {
        const BottleneckShape shape = Rule("gumbel", {1, 2, 2, 0.5, 0.01}).shape;
        QVERIFY(shape.draws);
        QCOMPARE(shape.tauAt(0), 2.0);
        QVERIFY(std::abs(shape.tauAt(100) - 2 * std::exp(-1.0)) < 1e-12);
        QCOMPARE(shape.tauAt(1000), 0.5);
        QCOMPARE(Rule("gumbel", {1, 2, 2, 0.5, 0}).shape.tauAt(1000), 2.0);
    }
};

QTEST_APPLESS_MAIN(SlotRulesTest)
#include "slot_rules_test.moc"
