#include "core/pretrained/model_guide.h"

#include <QtTest>

#include "core/config/model_config.h"
#include "core/pretrained/pretrained_model.h"
#include "tests/core/pretrained/pretrained_cases.h"

using namespace lab;

class ModelGuideTest : public QObject {
    Q_OBJECT

private slots:
    void guidesNameHeadsThatTheirModelsHave() {
        QCOMPARE(modelGuides().size(), guideTexts().size());
        for (const ModelGuide& guide : modelGuides()) {
            QVERIFY(!guide.items.empty() && !guide.begins.empty() && !guide.commands.empty());
            for (const ModelGuide::Item& item : guide.items) {
                QVERIFY(!item.title.empty() && !item.about.empty());
                for (const ModelGuide::Head& head : item.heads) {
                    QVERIFY(head.layer >= 0 && head.layer < guide.layers);
                    QVERIFY(head.head >= 0 && head.head < guide.heads);
                }
            }
        }
    }

    void aModelIsKnownByItsShapeAndNumbersNotByItsName() {
        const PretrainedModel opened = openPretrained(testing::pretrainedFolder / "bert-bare");
        QVERIFY(!guideOf(*opened.model, opened.weights));
        const ModelConfig& config = opened.model->config();
        const Parameter& norm = *opened.model->layout().find("embedding_norm.weight");
        ModelGuide guide;
        guide.architecture = "encoder";
        guide.width = config.d_model;
        guide.layers = config.num_layers;
        guide.heads = config.num_heads;
        guide.vocabulary = *config.vocab_size;
        guide.tensor = norm.name;
        for (std::size_t i = 0; i < 4; ++i) guide.begins.push_back(static_cast<double>(opened.weights[norm.offset + i]) * 1.003);
        QVERIFY(isOf(guide, *opened.model, opened.weights));
        guide.begins[2] *= 1.01;
        QVERIFY(!isOf(guide, *opened.model, opened.weights));
        guide.begins[2] /= 1.01;
        guide.layers += 1;
        QVERIFY(!isOf(guide, *opened.model, opened.weights));
    }
};

QTEST_APPLESS_MAIN(ModelGuideTest)
#include "model_guide_test.moc"
