#include "ui/window/ask_actions.h"

#include "core/config/experiment_json.h"
#include "core/config/presets.h"
#include "core/config/visitor.h"
#include "core/examples/worked_example.h"
#include "core/explain/components.h"
#include "core/explain/examples.h"
#include "core/explain/statements/statement.h"
#include "core/learn/lesson.h"
#include "ui/documents/document_source.h"
#include "ui/forms/experiment_panel.h"
#include "ui/lessons/lesson_list.h"
#include "ui/lessons/lesson_words.h"
#include "ui/text/data_text.h"
#include "ui/text/message_text.h"
#include "ui/widgets/formula_text.h"
#include "ui/window/ask_palette.h"
#include "ui/window/main_window.h"

namespace lab {
namespace {

/// "Training: One step  (.)".
QString lineOf(const QAction& action) {
    QString text = action.text().remove(QLatin1Char('&'));
    const QString keys = action.shortcut().toString(QKeySequence::NativeText);
    if (!keys.isEmpty()) text += QStringLiteral("  (%1)").arg(keys);
    return QStringLiteral("%1: %2").arg(Actions::groupOf(&action), text);
}

}  // namespace

AskActions::AskActions(MainWindow& window, QObject* parent) : QObject(parent), m_window(window) {
    window.actions().on("help.ask", this, &AskActions::ask);
    connect(&window, &MainWindow::exampleWanted, this, [this](const QString& id) { show(QuestionTarget{{}, {}, id.toStdString(), {}}); });
    m_back = window.actions().on("help.back", this, &AskActions::goBack);
    m_back->setEnabled(false);
}

void AskActions::ask() {
    (new AskPalette(entries(), &m_window))->show();
}

std::vector<AskEntry> AskActions::entries() {
    std::vector<AskEntry> all;
    addQuestions(all);
    addLessons(all);
    addCommands(all);
    addPresets(all);
    addExamples(all);
    addSettings(all);
    addStatements(all);
    addComponents(all);
    return all;
}

void AskActions::addQuestions(std::vector<AskEntry>& entries) {
    const auto said = [](const std::string& text) { return dataText(DataFiles::questions, text); };
    for (const LearnerQuestion& question : learnerQuestions()) {
        const QString ask = said(question.ask);
        Searchable searchable{ask.toStdString(), {}, said(question.answer).toStdString()};
        for (const std::string& other : question.also) searchable.also.push_back(said(other).toStdString());
        entries.push_back({ask, searchable, [this, &question] { show(question); }, &question, pageOf(question.show.place)});
    }
}

/// By their titles, by what they answer and by what they ask.
void AskActions::addLessons(std::vector<AskEntry>& entries) {
    if (m_window.actions().isWithheld(QStringLiteral("lessons.show"))) return;
    for (const LessonRow& row : lessons()) {
        const LessonTexts& texts = LessonList::textsOf(row);
        const QString line = tr("Lesson: %1").arg(lessonPlain(texts.title));
        Searchable words{line.toStdString(), {texts.asks}, texts.about};
        for (const LessonStepTexts& step : texts.steps) words.also.push_back(step.question);
        entries.push_back({line, std::move(words), [this, &row] { emit lessonWanted(&row); }});
    }
}

void AskActions::addCommands(std::vector<AskEntry>& entries) {
    for (QAction* action : m_window.actions().all()) {
        const QString line = lineOf(*action);
        entries.push_back(
            {line, {line.toStdString(), {}, action->toolTip().toStdString()}, [action] { action->trigger(); }, nullptr, action});
    }
}

/// What goes to the page of a place: where that is hidden, what leads there is not offered. Null when it names none.
QAction* AskActions::pageOf(const std::string& place) const {
    const auto to = Place::parse(QString::fromStdString(place));
    const QWidget* button = to && !to->page.isEmpty() ? m_window.pageButton(to->page) : nullptr;
    return button ? m_window.actions().find(button->property(actionProperty).toString()) : nullptr;
}

void AskActions::addPresets(std::vector<AskEntry>& entries) {
    if (m_window.actions().isWithheld(QStringLiteral("preset."))) return;
    for (const Preset& preset : presets()) {
        const Experiment experiment = parseExperiment(preset.json);
        const QString line = tr("Preset: %1").arg(dataText(DataFiles::presets, experiment.name));
        entries.push_back({line,
                           {line.toStdString(), {std::string(preset.name)}, dataText(DataFiles::presets, experiment.about).toStdString()},
                           [this, name = std::string(preset.name)] { m_window.session().openPreset(name); }});
    }
}

void AskActions::addExamples(std::vector<AskEntry>& entries) {
    if (!m_window.offersPage(m_window.indexOf(QStringLiteral("explain")))) return;
    const auto add = [&](const QString& name, const std::string& id, const std::string& about) {
        const QString line = tr("Example: %1").arg(name);
        entries.push_back({line, {line.toStdString(), {id}, about}, [this, id] { show(QuestionTarget{{}, {}, id, {}}); }});
    };
    for (const explain::Example& example : explain::examples()) add(shown(example.name), example.id, shown(example.about).toStdString());
    for (const WorkedExampleRow& row : workedExamples())
        add(dataText(DataFiles::examples, row.name), row.id, dataText(DataFiles::examples, row.about).toStdString());
}

void AskActions::addSettings(std::vector<AskEntry>& entries) {
    if (m_window.actions().isWithheld(QStringLiteral("panel.toggle"))) return;
    for (const FieldInfo& field : fieldTable()) {
        const QString line = tr("Setting: %1").arg(QString::fromStdString(field.path));
        entries.push_back({line, {line.toStdString(), {field.label}, shown(field.help).toStdString()}, [this, path = field.path] {
                               m_window.showSetting(QString::fromStdString(path));
                           }});
    }
}

/// Without their verdicts: who finds one judges it first.
void AskActions::addStatements(std::vector<AskEntry>& entries) {
    if (!m_window.offersPage(m_window.indexOf(QStringLiteral("explain")))) return;
    for (const explain::Statement& each : explain::statements()) {
        const QString line = tr("True or false: %1").arg(plainFormula(shown(each.claim)));
        entries.push_back({line, {line.toStdString(), {shown(each.name).toStdString()}, shown(each.setting).toStdString()}, [this, &each] {
                               m_window.showPlace(*Place::parse(QStringLiteral("explain?stage=statement.") +
                                                                QString::fromUtf8(each.id.data(), static_cast<qsizetype>(each.id.size()))));
                           }});
    }
}

/// Of the catalogue: each leads to the setting that switches it.
void AskActions::addComponents(std::vector<AskEntry>& entries) {
    if (m_window.actions().isWithheld(QStringLiteral("panel.toggle"))) return;
    for (const explain::Component& c : explain::components({})) {
        if (c.key.empty()) continue;
        const QString line = tr("Component: %1").arg(shown(c.name));
        entries.push_back({line, {line.toStdString(), {c.key, c.source}, shown(c.sentence).toStdString()}, [this, key = c.key] {
                               m_window.showSetting(QString::fromStdString(key));
                           }});
    }
}

/// The preset's run, where the answer is about one that is not open. The weights of an example are what it is about: it is not trained.
bool AskActions::openFor(const QuestionTarget& target) {
    Session& session = m_window.session();
    const bool example = target.preset.starts_with(examplePrefix);
    if (target.preset.empty() || (!example && session.presetName() == target.preset)) return true;
    if (!session.openPreset(target.preset)) return false;
    if (!example) session.train();
    return true;
}

bool AskActions::show(const LearnerQuestion& question) {
    return show(question.show);
}

bool AskActions::show(const QuestionTarget& wanted) {
    QuestionTarget target = wanted;
    if (const WorkedExampleRow* row = findWorkedExample(wanted.example)) target = {examplePrefix + row->id, {}, {}, row->place};
    const Place before = m_window.place();
    const QPointer<Run> run = m_window.focus().run();
    const std::string preset = m_window.session().presetName();
    const QString file = m_window.session().path();
    bool done = true;
    if (!target.comparison.empty()) {
        done = m_window.showPlace(
            {.page = QStringLiteral("compare"), .stage = QStringLiteral("comparison.") + QString::fromStdString(target.comparison)});
    } else {
        // An example that was shown before would hide the model.
        const QString example = QStringLiteral("explain?stage=") + exampleStage;
        const QString place =
            target.example.empty() ? QString::fromStdString(target.place) : example + QString::fromStdString(target.example);
        const std::optional<Place> to = Place::parse(place), model = Place::parse(example + QStringLiteral("none"));
        done = to && openFor(target) && (to->page != model->page || m_window.showPlace(*model)) && m_window.showPlace(*to);
    }
    if (!done && m_window.focus().run() == run) return false;
    m_before = before;
    m_runBefore = run;
    m_presetBefore = preset;
    m_fileBefore = file;
    m_back->setEnabled(true);
    return done;
}

void AskActions::goBack() {
    if (!m_before) return;
    Session& session = m_window.session();
    bool there = true;
    if (m_runBefore)
        m_window.focus().setRun(m_runBefore);
    else if (!m_fileBefore.isEmpty())
        there = session.openFile(m_fileBefore);
    else if (!m_presetBefore.empty())
        there = session.openPreset(m_presetBefore);
    const bool comesLater = !there && !m_fileBefore.isEmpty() && session.isReading();  // a long text is read beside the window
    if (!there && !comesLater) return;
    Place place = *m_before;
    place.run.clear();
    m_before.reset();
    m_back->setEnabled(false);
    if (there) {
        m_window.showPlace(place);
        return;
    }
    const auto follow = [this, place, file = m_fileBefore](const QString& opened) {
        disconnect(m_following);
        if (opened == file) m_window.showPlace(place);
    };
    disconnect(m_following);
    m_following = connect(&session, &Session::opened, this, follow);
}

}  // namespace lab
