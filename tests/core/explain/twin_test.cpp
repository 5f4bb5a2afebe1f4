#include <QTest>

#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::testing;

/// The model written a second time, in double precision, computes what the model computes.
class TwinTest : public QObject {
    Q_OBJECT

    static std::vector<NamedConfig> forms() {
        std::vector<NamedConfig> all = formsOfEveryInput();
        for (const auto& more : {codedForms(), segmentForms()}) all.insert(all.end(), more.begin(), more.end());
        return all;
    }

    static void compare(const Subject& s) {
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

private slots:
    void everyTensorOfATraceIsTheTwins_data() {
        QTest::addColumn<int>("index");
        const auto forms = TwinTest::forms();
        for (std::size_t i = 0; i < forms.size(); ++i) QTest::newRow(forms[i].name.c_str()) << static_cast<int>(i);
    }
    void everyTensorOfATraceIsTheTwins() {
        QFETCH(int, index);
        const Subject s = subjectOf(forms()[static_cast<std::size_t>(index)].config);
        compare(s);
    }

    /// The loss stays the cross-entropy, the gradients are those of what training pays.
    void gradientsAreOfWhatAnswersCostToo() {
        const ModelConfig config = smallConfig();
        const Subject plain = subjectOf(config);
        for (const AnswerCost& cost : {AnswerCost{0.2, 0.0}, {0.0, 0.05}, {0.2, 0.05}}) {
            const Subject s = subjectOf(config, {}, cost);
            compare(s);
            QCOMPARE(s.trace->at("loss").values, plain.trace->at("loss").values);
            QVERIFY(s.trace->at("gradient.logits").values != plain.trace->at("gradient.logits").values);
        }
    }

    void choicesFollowWhatIsPutInTheRoutersPlace() {
        for (const char* tensor : {"router", "experts", "gates"}) {
            const ModelConfig config = expertForms().front().config;
            compare(subjectOf(config, [&](Input& input) {
                Intervention change;
                change.name = std::string("encoder.0.feed_forward.") + tensor;
                const bool ofAll = change.name.ends_with("router");
                for (std::size_t i = 0; i < input.tokens.size() * (ofAll ? 4 : 2); ++i)
                    change.values.push_back(ofAll ? 0.1f + 0.13f * static_cast<float>(i * i % 7) : static_cast<float>(i * 5 % 3));
                input.interventions = {change};
            }));
            QVERIFY2(!QTest::currentTestFailed(), tensor);
        }
    }
};

QTEST_APPLESS_MAIN(TwinTest)
#include "twin_test.moc"
