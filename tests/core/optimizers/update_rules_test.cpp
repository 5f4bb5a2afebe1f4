#include <set>

#include "core/config/model_config.h"
#include "core/optimizers/shared_parameters.h"
#include "core/optimizers/update_lines.h"
#include "tests/core/base/kind_testing.h"
#include "tests/core/optimizers/rule_testing.h"

using namespace lab;
using namespace lab::testing;

namespace {

/// Numbers unlike the standard ones, weight decay among them.
OptimizerConfig unlike(const UpdateRule& rule) {
    OptimizerConfig config = configOf(rule.name);
    for (const ParameterSpec& spec : rule.parameters)
        config.numbers.set(spec.key, spec.key == optimizer::weightDecay.key ? 0.2 : 0.97 * spec.standard.value());
    return config;
}

template <class T>
std::vector<double> flat(const Guarded<T>& m) {
    std::vector<double> values;
    for (int r = 0; r < m.rows(); ++r)
        for (int c = 0; c < m.columns(); ++c) values.push_back(m(r, c));
    return values;
}

/// Steps of a kernel, each beside what the lines of its row make of the same numbers.
template <class T>
void checkLines(const Kernels<T>& k, const UpdateRule& rule, int rows, int columns) {
    const OptimizerConfig config = unlike(rule);
    Updated<T> p(config, k, rows, columns, true);
    for (int step = 1; step <= 5; ++step) {
        p.gradient.fill(static_cast<std::uint64_t>(10 + step), 0.3);
        UpdateStart start{flat(p.weights), flat(p.gradient), 0.5, {flat(p.first), flat(p.second)}};
        const UpdateLines lines(rule, {config.numbers, 0.01, step, rows, columns}, std::move(start));
        p.update({step, 0.01, 1, 0.5});
        const std::vector<double> weights = flat(p.weights), &expected = lines.values(lines.size() - 1);
        QCOMPARE(expected.size(), weights.size());
        for (std::size_t i = 0; i < weights.size(); ++i) LAB_NEAR(weights[i], expected[i], 2e-5);
    }
}

/// The last number of each vector stands for the gap behind a parameter.
template <class T>
void checkGap(const Kernels<T>& k, const UpdateRule& rule) {
    Updated<T> p(unlike(rule), k, 0, 19);
    p.gap = 1;
    for (auto* part : {&p.gradient, &p.weights, &p.first, &p.second}) (*part)(0, 18) = 0;
    for (int step = 1; step <= 3; ++step) p.update({step, 0.1, 1, 0.5});
    for (auto* part : {&p.weights, &p.first, &p.second}) QCOMPARE((*part)(0, 18), T(0));
}

template <class T>
std::vector<double> afterSteps(const OptimizerConfig& config, const Kernels<T>& k, int shift) {
    std::vector<double> result;
    for (const int rows : {0, 13}) {
        Updated<T> p(config, k, rows, 21, rows > 0, shift);
        for (int step = 1; step <= 3; ++step) p.update({step, 0.01, 1, 0.5});
        for (const auto& part : {flat(p.weights), flat(p.first), flat(p.second)}) result.insert(result.end(), part.begin(), part.end());
    }
    return result;
}

}  // namespace

/// What holds for every rule of the table.
class UpdateRulesTest : public QObject {
    Q_OBJECT

    static void addRules() {
        QTest::addColumn<QByteArray>("name");
        for (const UpdateRule* rule : UpdateRule::table()) {
            const QByteArray name(rule->name.data(), static_cast<qsizetype>(rule->name.size()));
            QTest::newRow(name.constData()) << name;
        }
    }
    static const UpdateRule& fetched(const QByteArray& name) { return *Kind<UpdateRule>(name.constData()); }

private slots:
    void adamIsTheDefault() { QCOMPARE(Kind<UpdateRule>().name(), std::string_view("adam")); }

    void aRowIsWhole_data() { addRules(); }
    void aRowIsWhole() {
        QFETCH(QByteArray, name);
        const UpdateRule& rule = fetched(name);
        QVERIFY(!rule.help.empty() && !rule.explanation.text.empty() && !rule.explanation.formula.empty());
        QVERIFY(rule.moments == 1 || rule.moments == 2);
        std::set<std::string_view> labels{"w", "gradient", "g, clipped"};
        const auto check = [&](const UpdateLine& line) {
            for (const UpdateTerm& term : line.terms)
                for (const UpdateOperand& factor : term.factors)
                    QVERIFY2(factor.name.empty() || factor.number || labels.contains(factor.name), line.label.data());
            QVERIFY2(line.moment < rule.moments, line.label.data());
            QVERIFY2(labels.insert(line.label).second, line.label.data());
        };
        for (const UpdateLine& line : rule.explanation.lines) check(line);
        QCOMPARE(rule.explanation.lines.back().label, std::string_view("step"));
        check(rule.explanation.after);
        QCOMPARE(rule.explanation.after.label, std::string_view("w after"));
    }

    void rulesThatShareAKeyShareItsMeaning() { QCOMPARE(keyOfTwoMeanings<UpdateRule>(), std::string()); }

    void theLinesAreWhatTheKernelDoes_data() { addRules(); }
    void theLinesAreWhatTheKernelDoes() {
        QFETCH(QByteArray, name);
        forEachTable([&](const auto& k, double) {
            for (const auto& [rows, columns] : {std::pair{6, 5}, {5, 18}, {1, 4}}) checkLines(k, fetched(name), rows, columns);
        });
    }

    void gapsStayZero_data() { addRules(); }
    void gapsStayZero() {
        QFETCH(QByteArray, name);
        forEachTable([&](const auto& k, double) { checkGap(k, fetched(name)); });
    }

    void bitsDoNotDependOnAlignment_data() { addRules(); }
    void bitsDoNotDependOnAlignment() {
        QFETCH(QByteArray, name);
        forEachTable([&](const auto& k, double) {
            const auto expected = afterSteps(unlike(fetched(name)), k, 0);
            for (int shift = 1; shift < 17; ++shift) QVERIFY(afterSteps(unlike(fetched(name)), k, shift) == expected);
        });
    }

    void instructionSetsAgree_data() { addRules(); }
    void instructionSetsAgree() {
        QFETCH(QByteArray, name);
        const auto expected = afterSteps(unlike(fetched(name)), kernels<double>(), 0);
        forEachTable([&](const auto& k, double tolerance) {
            const auto actual = afterSteps(unlike(fetched(name)), k, 0);
            for (std::size_t i = 0; i < actual.size(); ++i) LAB_NEAR(actual[i], expected[i], 2 * tolerance);
        });
    }
};

QTEST_APPLESS_MAIN(UpdateRulesTest)
#include "update_rules_test.moc"
