#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include "core/config/model_config.h"
#include "tests/core/optimizers/rule_testing.h"

// Four steps of every rule as tests/reference/optimizers.py computes them from the definitions.

using namespace lab;
using namespace lab::testing;

namespace {

QJsonObject golden() {
    QFile file(QStringLiteral(LAB_SOURCE_DIR "/tests/reference/optimizers.json"));
    return file.open(QIODevice::ReadOnly) ? QJsonDocument::fromJson(file.readAll()).object() : QJsonObject();
}

/// As the script makes them.
template <class T>
void fill(Guarded<T>& m, int salt, double factor = 1.0) {
    for (int i = 0; i < m.rows() * m.columns(); ++i)
        m(i / m.columns(), i % m.columns()) = static_cast<T>(factor * ((i * 7919 + salt * 104729) % 2003 / 1001.5 - 1));
}

OptimizerConfig configOf(const QString& rule, const QJsonObject& numbers) {
    OptimizerConfig config;
    config.kind = rule.toLatin1().constData();
    for (const ParameterSpec& spec : config.kind->parameters)
        config.numbers.set(spec.key, numbers[QLatin1String(spec.key.data(), static_cast<qsizetype>(spec.key.size()))].toDouble(-1));
    return config;
}

}  // namespace

class GoldenTest : public QObject {
    Q_OBJECT

    const QJsonObject m_golden = golden();

private slots:
    void theWeightsAreThoseOfTheDefinitions() {
        const QJsonObject rules = m_golden["rules"].toObject();
        QCOMPARE(rules.keys(), (QStringList{"adafactor", "adam", "adamw", "lion", "muon", "sgd"}));
        for (auto rule = rules.begin(); rule != rules.end(); ++rule)
            forEachTable([&](const auto& k, double tolerance) {
                const QJsonArray parameters = m_golden["parameters"].toArray();
                for (int salt = 0; salt < parameters.size(); ++salt)
                    check(k, 3 * tolerance, configOf(rule.key(), rule->toObject()["numbers"].toObject()), parameters[salt].toObject(), salt,
                          rule->toObject()["weights"].toObject());
            });
    }

private:
    template <class T>
    void check(const Kernels<T>& k, double tolerance, const OptimizerConfig& config, const QJsonObject& parameter, int salt,
               const QJsonObject& weights) {
        const double rate = m_golden["rate"].toDouble(), clip = m_golden["clip"].toDouble();
        Updated<T> p(config, k, parameter["rows"].toInt(), parameter["columns"].toInt(), parameter["hidden"].toBool());
        fill(p.weights, salt);
        fill(p.first, 0, 0.0);
        fill(p.second, 0, 0.0);
        for (int step = 1; step <= m_golden["steps"].toInt(); ++step) {
            fill(p.gradient, 10 * step + salt);
            p.update({step, rate, 1, clip});
        }
        QVERIFY(p.intact());
        const QJsonArray expected = weights[parameter["name"].toString()].toArray();
        QCOMPARE(expected.size(), p.weights.rows() * p.weights.columns());
        for (int i = 0; i < expected.size(); ++i)
            LAB_NEAR(static_cast<double>(p.weights(i / p.weights.columns(), i % p.weights.columns())), expected[i].toDouble(), tolerance);
    }
};

QTEST_APPLESS_MAIN(GoldenTest)
#include "golden_test.moc"
