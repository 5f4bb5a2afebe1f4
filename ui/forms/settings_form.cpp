#include "ui/forms/settings_form.h"

#include <QVBoxLayout>
#include <algorithm>
#include <cassert>

#include "core/config/visitor.h"
#include "core/model/adapters.h"
#include "core/model/fixed_fields.h"
#include "core/model/frozen.h"
#include "core/tasks/model_tokens.h"
#include "ui/forms/field_row.h"
#include "ui/forms/field_text.h"
#include "ui/forms/settings_section.h"
#include "ui/text/message_text.h"
#include "ui/widgets/named.h"

namespace lab {

SettingsForm::SettingsForm(QWidget* parent) : QWidget(parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    // Name and sentence belong to what is learned; they stand in the fold of Task.
    using Section = std::pair<const char*, QString>;
    for (const auto& [name, title] :
         {Section("settings.task", tr("Task")), Section("settings.model", tr("Model")), Section("settings.training", tr("Training"))}) {
        m_sections.push_back(named(name, new SettingsSection(title, this)));
        layout->addWidget(m_sections.back());
    }
    layout->addStretch();
    for (const FieldInfo& field : fieldTable()) {
        const std::size_t section = field.group == "model" ? 1 : field.group == "training" ? 2 : 0;
        auto* row = new FieldRow(field, m_sections[section]);
        m_sections[section]->add(row);
        m_rows.push_back(row);
        connect(row, &FieldRow::edited, this, [this, row] { read(*row); });
    }
    refresh();
}

void SettingsForm::setExperiment(const Experiment& draft, const Experiment& preset) {
    m_draft = draft;
    m_preset = preset;
    for (FieldRow* row : m_rows) row->forgetTyped();
    refresh();
}

void SettingsForm::setRun(const Experiment& settings, const Experiment& resolved) {
    m_runSettings = settings;
    m_runResolved = resolved;
    m_fixed.clear();
    if (!madeElsewhere(resolved.task)) return;
    m_fixed = fieldsFixedByWeights(resolved);
    m_fixed.emplace_back("task.tokenizer");
}

Experiment SettingsForm::complete() const {
    Experiment complete = resolved(m_draft);
    Experiment ofSameTask = m_runSettings;
    ofSameTask.task = m_draft.task;
    ofSameTask.model.architecture = m_draft.model.architecture;
    if (m_draft.task.kind->isBuiltIn() || !differences(ofSameTask, m_runSettings).empty()) return complete;
    for (auto size : {&ModelConfig::vocab_size, &ModelConfig::num_classes, &ModelConfig::max_seq_len})
        if (!(complete.model.*size)) complete.model.*size = m_runResolved.model.*size;
    return resolved(complete);
}

bool SettingsForm::reveal(const std::string& path) {
    FieldRow& wanted = row(path);
    for (SettingsSection* section : m_sections) {
        if (!section->isAncestorOf(&wanted)) continue;
        section->heading()->setChecked(true);
        if (wanted.isHidden()) section->fold()->setChecked(true);
    }
    if (wanted.isHidden()) return false;
    wanted.editor().setFocus(Qt::OtherFocusReason);
    return true;
}

FieldRow& SettingsForm::row(const std::string& path) const {
    const std::size_t index = fieldTable().indexOf(path);
    assert(index < m_rows.size());
    return *m_rows[index];
}

FieldRow* SettingsForm::firstRowInError() const {
    const auto it = std::ranges::find_if(m_rows, [](const FieldRow* row) { return !row->problem().isEmpty(); });
    return it == m_rows.end() ? nullptr : *it;
}

QString SettingsForm::firstProblem() const {
    const FieldRow* row = firstRowInError();
    return row ? QString::fromStdString(row->field().path) + QStringLiteral(": ") + row->problem() : QString();
}

void SettingsForm::read(FieldRow& row) {
    row.readInto(m_draft);
    refresh();
    emit edited();
}

void SettingsForm::refresh() {
    const Experiment complete = this->complete();
    std::vector<ConfigProblem> problems = problemsOf(m_draft);
    if (problems.empty()) {
        if (const Message problem = frozenProblem(complete); !problem.empty()) problems.push_back({"training.frozen", problem});
        if (const AdaptersProblem found = adaptersProblem(complete); !found.problem.empty())
            problems.push_back({found.path, found.problem});
    }
    m_readable = true;
    for (FieldRow* row : m_rows) {
        row->showValue(m_draft, complete, m_preset);
        const auto problem = std::ranges::find(problems, row->field().path, &ConfigProblem::path);
        const bool fixed = std::ranges::find(m_fixed, row->field().path) != m_fixed.end();
        row->setFixed(fixed ? tr("The weights of the model that was opened allow no other value.") : QString());
        row->setProblem(problem == problems.end() ? QString() : shown(problem->message));
        // An unreadable text in a row that no longer applies keeps nobody from training.
        if (!row->field().isApplicable(m_draft)) row->forgetTyped();
        m_readable = m_readable && row->isReadable();
    }
    m_valid = m_readable && problems.empty();
    for (SettingsSection* section : m_sections) section->arrange(m_draft);
    layout()->activate();
}

}  // namespace lab
