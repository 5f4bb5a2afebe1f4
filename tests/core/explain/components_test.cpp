#include "core/explain/components.h"

#include <QtTest>
#include <set>

#include "core/config/validation.h"
#include "core/config/visitor.h"
#include "core/explain/component_rows.h"
#include "tests/core/explain/explain_testing.h"

using namespace lab;
using namespace lab::explain;
using namespace lab::testing;

namespace {

const Component* find(const std::vector<Component>& all, const std::string& id) {
    const auto found = std::ranges::find(all, id, &Component::id);
    return found == all.end() ? nullptr : &*found;
}

bool uses(const Experiment& experiment, const std::string& id) {
    const std::vector<Component> all = components(experiment);
    return find(all, id) && find(all, id)->used;
}

}  // namespace

class ComponentsTest : public QObject {
    Q_OBJECT

private slots:
    void everyChoiceIsInTheCatalogue();
    void everyKindOfTheModelIsInTheCatalogue();
    void everyEntryIsComplete();
    void whatTheModelHasIsMarked();
    void stagesAreThere();
};

/// A new kind has to bring its entry.
void ComponentsTest::everyChoiceIsInTheCatalogue() {
    const std::vector<Component> all = components({});
    for (const std::string& key : componentKeys()) {
        const FieldInfo& field = fieldTable().at(key);
        QVERIFY2(!field.choices.empty(), key.c_str());
        for (const std::string& choice : field.choices) QVERIFY2(find(all, field.path + "=" + choice), (key + " " + choice).c_str());
    }
    std::set<std::string> ids;
    for (const Component& c : all) {
        QVERIFY2(ids.insert(c.id).second, c.id.c_str());
        if (c.key.empty()) continue;
        const FieldInfo* field = fieldTable().find(c.key);
        QVERIFY2(field, c.key.c_str());
        if (!c.choice.empty()) QVERIFY2(std::ranges::find(field->choices, c.choice) != field->choices.end(), c.id.c_str());
    }
}

void ComponentsTest::everyKindOfTheModelIsInTheCatalogue() {
    const std::vector<std::string> keys = componentKeys();
    for (const FieldInfo& field : fieldTable())
        if (field.kind == FieldKind::choice && field.group != "task")
            QVERIFY2(std::ranges::find(keys, field.path) != keys.end(), field.path.c_str());
}

void ComponentsTest::everyEntryIsComplete() {
    // Nobody in particular is named for these.
    const std::set<std::string> common{
        "model.mixer.kind=feed-forward", "model.output.loss=cross-entropy", "model.output.loss=squared",
        "model.dictionary.kind=none",    "model.dictionary.kind=context",   "model.dictionary.kind=standing",
        "model.output.kind=none",        "training.schedule.kind=constant", "training.schedule.kind=linear-warmup",
        "loss of unused codes"};
    std::set<std::string> groups;
    for (const ComponentGroup& group : componentGroups()) groups.insert(group.id);
    for (const ComponentRow& row : componentRows()) QVERIFY2(groups.contains(row.group), row.group);
    for (const Component& c : components({})) {
        QVERIFY2(!c.formula.empty(), c.id.c_str());
        QVERIFY2(c.sentence.english().ends_with('.'), c.id.c_str());
        QVERIFY2(c.source.empty() == common.contains(c.id), c.id.c_str());
    }
}

void ComponentsTest::whatTheModelHasIsMarked() {
    Experiment e;
    e.model.architecture = Architecture::decoder;
    e.model.position.kind = PositionKind::rope;
    e.model.num_heads = 4;
    e.model.num_kv_heads = 2;
    e = resolved(e);
    for (const char* id : {"model.architecture=decoder", "model.position.kind=rope", "model.position.rope.pairing=half", "causal mask",
                           "grouped-query attention (GQA)", "residual sum"})
        QVERIFY2(uses(e, id), id);
    for (const char* id : {"model.architecture=encoder", "cross-attention", "multi-query attention (MQA)", "model.position.kind=alibi"})
        QVERIFY2(!uses(e, id), id);
    for (const char* id : {"label smoothing", "z-loss"}) QVERIFY2(!uses(e, id), id);
    e.training.answer_cost = {0.1, 1e-4};
    for (const char* id : {"label smoothing", "z-loss"}) QVERIFY2(uses(e, id), id);
    e.model.position.kind = PositionKind::learned;
    QVERIFY(!uses(e, "model.position.rope.pairing=half"));
    for (const std::string& key : componentKeys()) {
        if (!fieldTable().at(key).isApplicable(e)) continue;
        int used = 0;
        for (const Component& c : components(e)) used += c.key == key && !c.choice.empty() && c.used;
        QVERIFY2(used == 1, key.c_str());
    }
}

/// A component that a model has is explained by a stage of its walk.
void ComponentsTest::stagesAreThere() {
    for (const NamedConfig& form : explainedForms()) {
        const Subject s = subjectOf(form.config);
        std::vector<Walk> walks;
        for (int block = 0; block < static_cast<int>(s.model->attentionBlocks().size()); ++block)
            walks.push_back(walkOf(s, questionOf(s, block, 0, 1, 0)));
        Experiment e;
        e.model = form.config;
        for (const Component& c : components(e))
            if (c.used && !c.stage.empty())
                QVERIFY2(std::ranges::any_of(walks, [&](const Walk& walk) { return !stageOf(walk, c).empty(); }),
                         (std::string(form.name) + ": " + c.id).c_str());
    }
}

QTEST_APPLESS_MAIN(ComponentsTest)
#include "components_test.moc"
