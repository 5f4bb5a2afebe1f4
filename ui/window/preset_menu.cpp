#include "ui/window/preset_menu.h"

#include <QActionGroup>
#include <QMenu>
#include <algorithm>
#include <optional>
#include <tuple>
#include <vector>

#include "core/base/enum_names.h"
#include "core/config/attention_form.h"
#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "ui/documents/session.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/text/terms.h"
#include "ui/widgets/theme.h"
#include "ui/window/preset_picture.h"

namespace lab {
namespace {

const QString separator = QStringLiteral(" \u00B7 ");  // between family and variant
const QString namePrefix = QStringLiteral("preset.");
// Logical px at 100 %.
constexpr int pictureWidth = 60;
constexpr int iconWidth = 16;

struct Entry {
    std::string name;
    QString title;
    QString about;
    Kind<TaskSpec> task;
    AttentionForm form;
    bool readsRule;  ///< from the prompt: nothing of it is the same in every sample
    bool hasCode;    ///< a bottleneck stands between encoder and decoder
};

/// Sections, by what the answers of their presets stand on.
enum Section { places, allTokens, itself, prompt, codes, pictures, language, several };

QString titleOf(Section section) {
    switch (section) {
        case places:
            return PresetMenu::tr("Answers from other places");
        case allTokens:
            return PresetMenu::tr("Answers from all tokens");
        case itself:
            return PresetMenu::tr("Answers from the token itself");
        case prompt:
            return PresetMenu::tr("Answers learned in the prompt");
        case codes:
            return PresetMenu::tr("Answers from a code");
        case pictures:
            return PresetMenu::tr("Pictures");
        case language:
            return PresetMenu::tr("Language");
        case several:
            break;
    }
    return PresetMenu::tr("Several of these");
}

bool readsRuleFromPrompt(const TaskConfig& task) {
    const TaskSource source = task.kind->source;
    const bool repeats = task.kind == "repeat" && task.repeat.period == RepeatPeriod::random;
    return source == TaskSource::functions || source == TaskSource::glossary || repeats;
}

Section sectionOf(const Entry& entry) {
    if (entry.readsRule) return prompt;
    if (entry.hasCode) return codes;
    if (entry.task->source == TaskSource::pictures) return pictures;
    switch (entry.task->basis) {
        case AnswerBasis::places:
            return places;
        case AnswerBasis::tokens:
            return allTokens;
        case AnswerBasis::ownPlace:
            return itself;
        case AnswerBasis::unknown:
            break;
    }
    return language;
}

/// What presets have in common: "Reverse" and "Reverse · KV" their task; functions; those of words; the others are known models.
struct Family {
    QString title;
    Section section = several;
    std::vector<Entry> entries;
};

QString familyOf(const Entry& entry, const QStringList& titles) {
    const QString family = entry.title.section(separator, 0, 0);
    const auto isRelated = [&family](const QString& title) { return title.section(separator, 0, 0) == family; };
    if (std::ranges::count_if(titles, isRelated) > 1) return family;
    if (entry.task->source == TaskSource::functions) return PresetMenu::tr("Regression");
    if (entry.readsRule || entry.task->source == TaskSource::pictures) return family;
    return entry.task->isBuiltIn() ? PresetMenu::tr("Known models") : PresetMenu::tr("Words");
}

/// In the order of what their answers stand on; those that show several things last.
std::vector<Family> families() {
    std::vector<Entry> entries;
    QStringList titles;
    for (const Preset& preset : presets()) {
        const Experiment experiment = parseExperiment(preset.json);
        const QString title = experiment.name.empty() ? qt(preset.name) : dataText(DataFiles::presets, experiment.name);
        entries.push_back({std::string(preset.name), title, dataText(DataFiles::presets, experiment.about), experiment.task.kind,
                           experiment.model.attention.form, readsRuleFromPrompt(experiment.task), experiment.model.hasBottleneck()});
        titles << title;
    }
    std::vector<Family> result;
    for (Entry& entry : entries) {
        const QString title = familyOf(entry, titles);
        auto family = std::ranges::find(result, title, &Family::title);
        if (family == result.end()) family = result.insert(result.end(), {title, sectionOf(entry), {}});
        if (family->section != sectionOf(entry)) family->section = several;
        family->entries.push_back(std::move(entry));
    }
    for (Family& family : result) std::ranges::sort(family.entries, {}, &Entry::title);
    std::ranges::sort(result, {}, [](const Family& family) {
        const Entry& first = family.entries.front();
        return std::tuple(family.section, first.title != family.title, first.task.place(), family.title);
    });
    return result;
}

QString textOf(const Entry& entry) {
    return QString(entry.title + QLatin1Char('\n') + entry.about).replace(QLatin1Char('&'), QLatin1String("&&"));
}

}  // namespace

PresetMenu::PresetMenu(QMenu& menu, Session& session, QObject* parent)
    : QObject(parent), m_session(session), m_choices(new QActionGroup(this)) {
    std::optional<Section> section;
    for (const Family& family : families()) {
        if (section != family.section) menu.addSection(titleOf(*(section = family.section)));
        QMenu* place = menu.addMenu(family.title);
        place->setToolTipsVisible(true);
        for (const Entry& entry : family.entries)
            addEntry(*place, QString::fromStdString(entry.name), textOf(entry), QString::fromStdString(std::string(nameOf(entry.form))));
        connect(place, &QMenu::aboutToShow, this, [place] { drawPictures(*place, pictureWidth); });
        place->menuAction()->setData(place->actions().front()->data());
    }
    connect(&menu, &QMenu::aboutToShow, this, [&menu] { drawPictures(menu, iconWidth); });
    connect(&session, &Session::documentChanged, this, &PresetMenu::mark);
    mark();
}

void PresetMenu::addEntry(QMenu& place, const QString& name, const QString& text, const QString& form) {
    QAction* action = place.addAction(text);
    action->setObjectName(namePrefix + name);
    action->setData(name);
    action->setToolTip(withTerm(tr("The picture: the map of its sharpest head after the training, on the first validation sample."), form));
    action->setCheckable(true);
    m_choices->addAction(action);
    connect(action, &QAction::triggered, this, [this, name] {
        m_session.openPreset(name.toStdString());
        mark();
    });
}

/// In the colours of the theme that is on.
void PresetMenu::drawPictures(const QMenu& menu, int width) {
    for (QAction* action : menu.actions())
        if (!action->data().isNull()) action->setIcon(presetPicture(action->data().toString(), Theme::instance().px(width)));
}

/// The mark follows what is open, also when the person decides not to change it.
void PresetMenu::mark() {
    const QString present = namePrefix + QString::fromStdString(m_session.presetName());
    m_choices->setExclusive(false);
    for (QAction* action : m_choices->actions()) action->setChecked(action->objectName() == present);
    m_choices->setExclusive(true);
}

}  // namespace lab
