#include "ui/window/preset_menu.h"

#include <QActionGroup>
#include <QMenu>
#include <algorithm>
#include <tuple>
#include <vector>

#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "ui/documents/session.h"

namespace lab {
namespace {

const QString separator = QStringLiteral(" \u00B7 ");  // between family and variant
const QString namePrefix = QStringLiteral("preset.");

struct Entry {
    std::string name;
    QString title;
    QString about;
    Kind<TaskSpec> task;
};

/// "Reverse" and "Reverse · KV" are of one family.
struct Family {
    QString title;
    std::vector<Entry> entries;
};

QString familyOf(const QString& title) {
    return title.section(separator, 0, 0);
}

std::vector<Family> families() {
    std::vector<Family> result;
    for (const Preset& preset : presets()) {
        const Experiment experiment = parseExperiment(preset.json);
        const QString title = QString::fromStdString(experiment.name.empty() ? std::string(preset.name) : experiment.name);
        auto family = std::ranges::find(result, familyOf(title), &Family::title);
        if (family == result.end()) family = result.insert(result.end(), {familyOf(title), {}});
        family->entries.push_back({std::string(preset.name), title, QString::fromStdString(experiment.about), experiment.task.kind});
    }
    for (Family& family : result) std::ranges::sort(family.entries, {}, &Entry::title);
    // Families named after their task stand first, in the order of the tasks; then the other families; single presets last.
    const auto rank = [](const Family& family) {
        const Entry& first = family.entries.front();
        const bool single = family.entries.size() == 1;
        const bool ofTask = !single && first.title == family.title;
        return std::tuple(single, !ofTask, ofTask ? first.task.place() : 0, family.title);
    };
    std::ranges::sort(result, {}, rank);
    return result;
}

}  // namespace

PresetMenu::PresetMenu(QMenu& menu, Session& session, QObject* parent)
    : QObject(parent), m_session(session), m_choices(new QActionGroup(this)) {
    bool separated = false;
    for (const Family& family : families()) {
        const bool single = family.entries.size() == 1;
        if (single && !separated) menu.addSeparator();
        separated = separated || single;
        QMenu* place = single ? &menu : menu.addMenu(family.title);
        place->setToolTipsVisible(true);
        for (const Entry& entry : family.entries) {
            QAction* action = place->addAction(entry.title);
            action->setObjectName(namePrefix + QString::fromStdString(entry.name));
            action->setToolTip(QStringLiteral("<p>%1</p>").arg(entry.about.toHtmlEscaped()));
            action->setCheckable(true);
            m_choices->addAction(action);
            connect(action, &QAction::triggered, this, [this, name = entry.name] {
                m_session.openPreset(name);
                mark();
            });
        }
    }
    connect(&session, &Session::documentChanged, this, &PresetMenu::mark);
}

/// The mark follows what is open, also when the person decides not to change it.
void PresetMenu::mark() {
    const QString present = namePrefix + QString::fromStdString(m_session.presetName());
    m_choices->setExclusive(false);
    for (QAction* action : m_choices->actions()) action->setChecked(action->objectName() == present);
    m_choices->setExclusive(true);
}

}  // namespace lab
