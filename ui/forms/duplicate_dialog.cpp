#include "ui/forms/duplicate_dialog.h"

#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QVBoxLayout>
#include <array>

#include "core/analysis/run_comparison.h"
#include "core/config/derive.h"
#include "core/config/validation.h"
#include "ui/forms/settings_form.h"
#include "ui/runs/seed_names.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr std::array seedCounts{1, 3, 5};
// Logical px at 100 %.
constexpr int formWidth = 300;
constexpr int formHeight = 420;

}  // namespace

DuplicateDialog::DuplicateDialog(const Run& run, QWidget* parent)
    : QDialog(parent), m_original(withoutDerived(run.experiment())), m_baseName(nameWithoutSeed(run.name())) {
    const Theme& theme = Theme::instance();
    setWindowTitle(tr("Duplicate %1 with a change").arg(run.name()));
    setObjectName(QStringLiteral("duplicate dialog"));
    m_form = new SettingsForm;
    m_form->setExperiment(m_original, m_original);
    auto* scroll = new QScrollArea;
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setWidget(m_form);
    scroll->setMinimumSize(theme.px(formWidth), theme.px(formHeight));
    m_name = named("duplicate.dialog.name", new QLineEdit(m_baseName));
    m_name->setAccessibleName(tr("Name of the copy"));
    m_seeds = named("duplicate.dialog.seeds", new SegmentedControl({tr("one run"), tr("3 seeds"), tr("5 seeds")}, tr("How many")));
    m_seeds->setChoiceToolTip(1, tr("Three runs: training.seed as set, and the next two"));
    m_seeds->setChoiceToolTip(2, tr("Five runs: training.seed as set, and the next four"));
    m_change = new ThemedLabel({}, TextSize::text, Role::muted);
    m_change->setWordWrap(true);
    m_accept = named("duplicate.dialog.accept", new Button(tr("Duplicate")));
    m_accept->setDefault(true);
    auto* cancel = named("duplicate.dialog.cancel", new Button(tr("Cancel")));

    auto* layout = new QVBoxLayout(this);
    auto* naming = new QHBoxLayout;
    auto* label = new ThemedLabel(tr("&Name"));
    label->setBuddy(m_name);
    naming->addWidget(label);
    naming->addWidget(m_name, 1);
    layout->addLayout(naming);
    layout->addWidget(scroll, 1);
    layout->addWidget(m_change);
    auto* buttons = new QHBoxLayout;
    buttons->addWidget(m_seeds);
    buttons->addStretch();
    buttons->addWidget(m_accept);
    buttons->addWidget(cancel);
    layout->addLayout(buttons);

    connect(m_form, &SettingsForm::edited, this, &DuplicateDialog::showChange);
    connect(m_seeds, &SegmentedControl::chosen, this, &DuplicateDialog::showChange);
    connect(m_name, &QLineEdit::textEdited, this, [this] { m_named = true; });
    connect(cancel, &Button::clicked, this, &QDialog::reject);
    connect(m_accept, &Button::clicked, this, [this] {
        emit wanted(settings());
        accept();
    });
    showChange();
}

int DuplicateDialog::seedCount() const {
    return seedCounts[static_cast<std::size_t>(m_seeds->current())];
}

void DuplicateDialog::showChange() {
    const std::vector<Experiment> both{resolved(m_original), resolved(m_form->draft())};
    const QString change = QString::fromStdString(differenceText(differencesOf(both), 1));
    const bool changed = !change.isEmpty() || seedCount() > 1;
    m_accept->setEnabled(m_form->isValid() && changed);
    if (!m_form->isValid())
        m_change->setText(m_form->firstProblem());
    else
        m_change->setText(change.isEmpty() ? tr("Nothing differs yet: change a setting, or the seed.")
                                           : tr("All that differs: %1").arg(change));
    if (!m_named) m_name->setText(change.isEmpty() ? m_baseName : QStringLiteral("%1 · %2").arg(m_baseName, change));
}

std::vector<Experiment> DuplicateDialog::settings() const {
    std::vector<Experiment> result;
    for (int i = 0; i < seedCount(); ++i) {
        Experiment experiment = m_form->draft();
        experiment.training.seed += static_cast<std::uint64_t>(i);
        experiment.name = m_name->text().trimmed().toStdString();
        if (seedCount() > 1) experiment.name = nameWithSeed(experiment.name, experiment.training.seed);
        result.push_back(std::move(experiment));
    }
    return result;
}

}  // namespace lab
