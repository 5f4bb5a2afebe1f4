#include <QTest>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::testing;

/// The model written a second time, in double precision, computes what the model computes.
class TwinTest : public QObject {
    Q_OBJECT

    static std::vector<NamedConfig> forms() {
        std::vector<NamedConfig> all = formsOfEveryInput();
        for (NamedConfig& form : codedForms()) all.push_back(std::move(form));
        return all;
    }

private slots:
    void everyTensorOfATraceIsTheTwins_data() {
        QTest::addColumn<int>("index");
        const auto forms = TwinTest::forms();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void everyTensorOfATraceIsTheTwins() {
        QFETCH(int, index);
        const Subject s = subjectOf(forms()[static_cast<std::size_t>(index)].config);
        for (const NamedTensors::Entry& entry : s.trace->entries()) {
            if (entry.name == "tokens" || entry.name == "target_tokens") continue;
            const auto found = s.twin->find(entry.name);
            QVERIFY2(found != s.twin->end(), entry.name.c_str());
            const explain::DoubleTensor& twin = found->second;
            QCOMPARE(twin.shape, entry.tensor.shape);
            double largest = 1e-2;  // what rounding leaves of gradients that are 0
            for (const double x : twin.values)
                if (std::isfinite(x)) largest = std::max(largest, std::abs(x));
            for (std::size_t i = 0; i < twin.values.size(); ++i) {
                const double value = static_cast<double>(entry.tensor.values[i]);
                const bool same = value == twin.values[i] || std::abs(value - twin.values[i]) <= 1e-4 * largest;
                QVERIFY2(same, qPrintable(QString("%1[%2]: %3, twin %4").arg(entry.name.c_str()).arg(i).arg(value).arg(twin.values[i])));
            }
        }
        // What only the twin has are gradients that a trace does not keep.
        for (const auto& [name, tensor] : *s.twin) QVERIFY2(s.trace->contains(name) || name.starts_with("gradient."), name.c_str());
    }
};

QTEST_APPLESS_MAIN(TwinTest)
#include "twin_test.moc"
