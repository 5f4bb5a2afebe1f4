// Which parameters of a model are kept in few bits: its matrices, and nothing that is added to scores or says how far a head looks.

#include <QtTest>
#include <set>

#include "core/tensor/quantise.h"
#include "tests/core/model/model_testing.h"

using namespace lab;
using namespace lab::testing;

class QuantisedModelTest : public QObject {
    Q_OBJECT

private slots:
    void matricesAreKeptInFewBitsAndNothingElse() {
        const std::set<std::string> never{"relative_bias", "content_bias", "position_bias", "sink",    "span",
                                          "halting",       "position_map", "query_norm",    "key_norm"};
        std::set<std::string> seen;
        for (const NamedConfig& form : formsOfEveryKind()) {
            const Model model(form.config);
            for (const Parameter& p : model.layout().parameters()) {
                bool isNone = p.shape.size() == 1;
                for (const std::string& name : never) {
                    if (p.name.find("." + name) == std::string::npos) continue;
                    isNone = true;
                    seen.insert(name);
                }
                const bool named = p.name.ends_with(".weight") || p.name.starts_with("bottleneck.");
                for (const QuantisationScheme& scheme : QuantisationScheme::table()) {
                    const bool packed = codeOf(scheme, p) != nullptr;
                    QVERIFY2(!packed || (!isNone && named), (form.name + ": " + p.name).c_str());
                    if (p.isHiddenMatrix() && p.shape.front() > 1) QVERIFY2(packed, (form.name + ": " + p.name).c_str());
                }
            }
        }
        QCOMPARE(seen, never);
    }
};

QTEST_APPLESS_MAIN(QuantisedModelTest)
#include "quantised_model_test.moc"
