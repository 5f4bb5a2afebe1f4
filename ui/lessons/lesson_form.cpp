#include "ui/lessons/lesson_form.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>
#include <QWheelEvent>
#include <algorithm>

#include "core/base/number_text.h"
#include "core/learn/prediction_kinds.h"
#include "ui/lessons/text_pair.h"
#include "ui/runs/place.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/named.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr int lessonFormCaption = 120;  // logical px at 100 %

QString listed(const std::vector<std::string>& parts, const QString& separator) {
    QStringList all;
    for (const std::string& part : parts) all << qt(part);
    return all.join(separator);
}

std::vector<std::string> partsOf(const QStringList& lines) {
    std::vector<std::string> parts;
    for (const QString& each : lines)
        if (!each.trimmed().isEmpty()) parts.push_back(each.trimmed().toStdString());
    return parts;
}

/// "model.num_heads = 2", one a line.
QString settingLines(const std::map<std::string, std::string>& settings) {
    QStringList lines;
    for (const auto& [key, value] : settings) lines << QStringLiteral("%1 = %2").arg(qt(key), qt(value));
    return lines.join(QLatin1Char('\n'));
}

std::map<std::string, std::string> settingsFrom(const QStringList& lines) {
    std::map<std::string, std::string> settings;
    for (const QString& line : lines) {
        const QString key = line.section(QLatin1Char('='), 0, 0).trimmed();
        if (!key.isEmpty()) settings[key.toStdString()] = line.section(QLatin1Char('='), 1).trimmed().toStdString();
    }
    return settings;
}

QStringList kindNames() {
    return {LessonForm::tr("nothing"),  LessonForm::tr("one of several answers"),
            LessonForm::tr("a number"), LessonForm::tr("a cell of the map"),
            LessonForm::tr("bars"),     LessonForm::tr("an order"),
            LessonForm::tr("a curve")};
}

/// The wheel scrolls the form.
class FormChoice : public QComboBox {
protected:
    void wheelEvent(QWheelEvent* event) override { event->ignore(); }
};

enum ActKind { nothing, action, settings, input };

ActKind kindOf(const std::optional<LessonAct>& act) {
    if (!act) return nothing;
    return !act->set.empty() ? settings : !act->input.empty() ? input : action;
}

std::string freeAnswer(const std::vector<Prediction::Answer>& answers) {
    for (int number = 1;; ++number) {
        const std::string id = "answer-" + std::to_string(number);
        if (std::ranges::find(answers, id, &Prediction::Answer::id) == answers.end()) return id;
    }
}

}  // namespace

std::string cellExpression(const std::string& show) {
    const auto place = Place::parse(qt(show));
    if (!place || place->block.isEmpty()) return {};
    return QStringLiteral("%1.weights[%2, %3, %4]")
        .arg(place->block)
        .arg(place->head.value_or(0))
        .arg(place->query.value_or(0))
        .arg(place->key.value_or(0))
        .toStdString();
}

LessonForm::LessonForm(LessonRow& row, std::optional<std::size_t> step, const QStringList& actions, QWidget* parent)
    : QWidget(parent), m_row(row), m_step(step), m_actions(actions), m_column(new QVBoxLayout(this)) {
    if (m_step)
        makeStep();
    else
        makeWhole();
    m_column->addStretch(1);
    keepSpacing(m_column, {12, 8, 12, 12}, 6);
}

void LessonForm::makeWhole() {
    line(
        "write.id", tr("Name of its files"), [this]() -> std::string& { return m_row.lesson.id; }, tr("my-lesson"));
    number("write.minutes", tr("Minutes"), nullptr);
    line(
        "write.preset", tr("Opens the preset"), [this]() -> std::string& { return m_row.lesson.preset; }, tr("empty: whatever is open"));
    line("write.example", tr("or the example"), [this]() -> std::string& { return m_row.lesson.example; });
    lines(
        "write.set", tr("Its settings"), settingLines(m_row.lesson.set),
        [this](const QStringList& all) { m_row.lesson.set = settingsFrom(all); }, QStringLiteral("model.num_heads = 2"));
    line(
        "write.input", tr("The model reads"), [this]() -> std::string& { return m_row.lesson.input; },
        tr("empty: its first validation sample"));
    texts("write.title", tr("Title"), 1, [](LessonTexts& all) -> std::string& { return all.title; });
    texts("write.about", tr("What it is about"), 3, [](LessonTexts& all) -> std::string& { return all.about; });
    texts("write.try", tr("One thing to try, behind the last step"), 3, [](LessonTexts& all) -> std::string& { return all.tryNext; });
    texts("write.asks", tr("Questions that it answers, each a line that begins with -"), 3,
          [](LessonTexts& all) -> std::string& { return all.asks; });
}

void LessonForm::makeStep() {
    line("write.step", tr("Name of the step"), [this]() -> std::string& { return step().id; });
    stepTexts("write.say", tr("What is said"), 4, [](LessonStepTexts& all) -> std::string& { return all.say; });
    makeShow();
    makeAct();
    makePrediction();
    head(tr("It checks"));
    lines(
        "write.check", tr("Holds then"), listed(step().checks, QStringLiteral("\n")),
        [this](const QStringList& all) { step().checks = partsOf(all); }, QStringLiteral("train_loss < 1"));
}

void LessonForm::makeShow() {
    head(tr("It shows"));
    line(
        "write.show", tr("Place"), [this]() -> std::string& { return step().show; }, QStringLiteral("maps?head=0&stage=weights"));
    button("write.here", tr("What is looked at now"), [this] { emit placeWanted(); });
    line(
        "write.trained", tr("Step of the training"), [this]() -> std::string& { return step().step; }, tr("a number, or latest"));
    auto* frame = line("write.highlight", tr("Frames"), [this]() -> std::string& {
        if (step().highlight.empty()) step().highlight.emplace_back();
        return step().highlight.front();
    });
    connect(frame, &QLineEdit::textChanged, this, [this] { std::erase(step().highlight, std::string()); });
    std::erase(step().highlight, std::string());
}

void LessonForm::makeAct() {
    head(tr("It lets the person do"));
    const ActKind kind = kindOf(step().act);
    choice("write.act", tr("What"),
           {tr("nothing"), tr("an action of the window"), tr("a new run with other settings"), tr("read another input")}, kind,
           [this](int index) { setAct(index); });
    if (kind == action) {
        std::string& name = step().act->action;
        const auto index = static_cast<int>(m_actions.indexOf(qt(name)));
        choice("write.action", tr("Action"), m_actions, index, [this](int chosen) {
            step().act->action = m_actions[chosen].toStdString();
            emit edited();
        });
    }
    if (kind == settings)
        lines(
            "write.change", tr("Settings"), settingLines(step().act->set),
            [this](const QStringList& all) { step().act->set = settingsFrom(all); }, QStringLiteral("model.num_heads = 2"));
    if (kind == input) line("write.read", tr("Input"), [this]() -> std::string& { return step().act->input; });
    if (kind == action || kind == settings)
        line(
            "write.until", tr("Until"), [this]() -> std::string& { return step().act->until; }, QStringLiteral("step >= 200"));
}

void LessonForm::setAct(int index) {
    if (index == nothing) {
        step().act.reset();
    } else {
        step().act = LessonAct{};
        if (index == action) step().act->action = "train.toggle";
        if (index == settings) step().act->set = {{"training.seed", "2"}};
        if (index == input) step().act->input = "3 1 4";
    }
    emit partsChanged();
}

void LessonForm::makePrediction() {
    head(tr("It asks, before it is seen"));
    choice("write.kind", tr("For"), kindNames(), step().predict ? static_cast<int>(step().predict->kind) + 1 : 0,
           [this](int index) { setKind(index); });
    if (!step().predict) return;
    const PredictionKindRow& kind = predictionKind(prediction().kind);
    stepTexts("write.question", tr("Question"), 2, [](LessonStepTexts& all) -> std::string& { return all.question; });
    if (kind.value)
        line(
            "write.value", kind.drawn ? tr("Right are") : tr("Right is"), [this]() -> std::string& { return prediction().value; },
            QStringLiteral("max(encoder.0.attention.weights[0, 0])"));
    if (kind.value) number("write.tolerance", tr("Within"), [this]() -> double& { return prediction().tolerance; });
    if (kind.drawn) number("write.from", tr("Drawn from"), [this]() -> double& { return prediction().from; });
    if (kind.drawn) number("write.to", tr("to"), [this]() -> double& { return prediction().to; });
    if (kind.cell) line("write.row", tr("Right row"), [this]() -> std::string& { return prediction().row; });
    if (kind.cell) line("write.column", tr("Right column"), [this]() -> std::string& { return prediction().column; });
    if (kind.answers) makeAnswers();
    makeHints();
    stepTexts("write.why", tr("Why, said when it is seen"), 3, [](LessonStepTexts& all) -> std::string& { return all.why; });
}

/// With what the step shows as what is right, to begin with.
void LessonForm::setKind(int index) {
    if (index == 0) {
        step().predict.reset();
        return emit partsChanged();
    }
    Prediction fresh;
    fresh.kind = static_cast<Prediction::Kind>(index - 1);
    const PredictionKindRow& kind = predictionKind(fresh.kind);
    const std::string cell = cellExpression(step().show);
    if (kind.value && !cell.empty()) fresh.value = kind.drawn ? cell.substr(0, cell.rfind(',')) + "]" : cell;
    if (kind.value) fresh.tolerance = 0.1;
    if (kind.cell && !cell.empty()) {
        const Place place = *Place::parse(qt(step().show));
        fresh.row = std::to_string(place.query.value_or(0));
        fresh.column = "argmax(" + cell.substr(0, cell.rfind(',')) + "])";
    }
    if (kind.answers) {
        if (step().predict) fresh.answers = step().predict->answers;
        while (fresh.answers.size() < 2) fresh.answers.push_back({freeAnswer(fresh.answers), {}});
    }
    step().predict = fresh;
    emit partsChanged();
}

void LessonForm::makeAnswers() {
    for (std::size_t i = 0; i < prediction().answers.size(); ++i) {
        const QString number = QString::number(i + 1);
        const std::string id = prediction().answers[i].id;
        head(tr("Answer %1").arg(number));
        stepTexts("write.answer_" + number, tr("Answer"), 1, [id](LessonStepTexts& all) -> std::string& { return all.answers[id]; });
        const bool reasons = prediction().kind == Prediction::Kind::choice;
        line(qPrintable("write.is_" + number), reasons ? tr("Right when") : tr("Ordered by"),
             [this, i]() -> std::string& { return prediction().answers[i].expression; });
        if (reasons)
            stepTexts("write.reason_" + number, tr("Why it is right or wrong"), 2,
                      [id](LessonStepTexts& all) -> std::string& { return all.reasons[id]; });
        button("write.less_" + number, tr("Remove this answer"), [this, i] {
            auto& answers = prediction().answers;
            answers.erase(answers.begin() + static_cast<std::ptrdiff_t>(i));
            emit partsChanged();
        });
    }
    button("write.more", tr("Another answer"), [this] {
        prediction().answers.push_back({freeAnswer(prediction().answers), {}});
        emit partsChanged();
    });
}

void LessonForm::makeHints() {
    std::size_t most = 0;
    for (auto& [language, all] : m_row.texts) most = std::max(most, all.steps[*m_step].hints.size());
    for (std::size_t i = 0; i < most; ++i)
        stepTexts("write.hint_" + QString::number(i + 1), tr("Hint %1").arg(i + 1), 2, [i](LessonStepTexts& all) -> std::string& {
            if (all.hints.size() <= i) all.hints.resize(i + 1);
            return all.hints[i];
        });
    button("write.hint", tr("Another hint"), [this, most] {
        m_row.texts[TextPair::languages().front()].steps[*m_step].hints.resize(most + 1);
        emit partsChanged();
    });
}

void LessonForm::add(QWidget* widget) {
    m_column->addWidget(widget);
}

void LessonForm::head(const QString& title) {
    add(new ThemedLabel(title, TextSize::text, Role::text, true));
}

namespace {

/// A caption and its field in one line.
QWidget* captioned(const QString& title, QWidget* field) {
    auto* all = new QWidget;
    auto* row = new QHBoxLayout(all);
    auto* caption = new Caption(title, field);
    caption->setWordWrap(true);
    followTheme(caption, [caption] { caption->setFixedWidth(Theme::instance().px(lessonFormCaption)); });
    field->setAccessibleName(title);
    row->addWidget(caption);
    row->addWidget(field, 1);
    keepSpacing(row, {}, 8);
    return all;
}

}  // namespace

QLineEdit* LessonForm::line(const char* name, const QString& title, const Text& text, const QString& hint) {
    auto* field = named(name, new QLineEdit(qt(text())));
    field->setPlaceholderText(hint);
    connect(field, &QLineEdit::textChanged, this, [this, text](const QString& typed) {
        text() = typed.trimmed().toStdString();
        emit edited();
    });
    add(captioned(title, field));
    return field;
}

void LessonForm::number(const char* name, const QString& title, const std::function<double&()>& value) {
    const double now = value ? value() : m_row.lesson.minutes;
    auto* field = named(name, new QLineEdit(QString::number(now)));
    connect(field, &QLineEdit::textChanged, this, [this, field, value](const QString& typed) {
        const auto read = parseReal(QString(typed).replace(QLatin1Char(','), QLatin1Char('.')).toStdString());
        const bool whole = !value && (!read || *read < 0 || *read > 600 || *read != static_cast<int>(*read));
        markInvalid(*field, !read || whole);
        if (!read || whole) return;
        if (value)
            value() = *read;
        else
            m_row.lesson.minutes = static_cast<int>(*read);
        emit edited();
    });
    add(captioned(title, field));
}

void LessonForm::lines(const char* name, const QString& title, const QString& text, const std::function<void(const QStringList&)>& take,
                       const QString& hint) {
    auto* field = named(name, new QPlainTextEdit(text));
    field->setPlaceholderText(hint);
    field->setTabChangesFocus(true);
    followTheme(field, [field] { field->setFixedHeight(field->fontMetrics().lineSpacing() * 2 + Theme::instance().px(14)); });
    connect(field, &QPlainTextEdit::textChanged, this, [this, field, take] {
        take(field->toPlainText().split(QLatin1Char('\n')));
        emit edited();
    });
    add(captioned(title, field));
}

QComboBox* LessonForm::choice(const char* name, const QString& title, const QStringList& choices, int current,
                              const std::function<void(int)>& take) {
    auto* field = named(name, new FormChoice);
    field->addItems(choices);
    field->setCurrentIndex(current);
    connect(field, &QComboBox::activated, this, take);
    add(captioned(title, field));
    return field;
}

void LessonForm::button(const QString& name, const QString& title, const std::function<void()>& act) {
    auto* press = named(name, new Button(title));
    connect(press, &Button::clicked, this, act);
    m_column->addWidget(press, 0, Qt::AlignLeft);
}

void LessonForm::texts(const QString& name, const QString& title, int lines, const OfTexts& text) {
    auto* pair = new TextPair(name, title, lines);
    for (const std::string& language : TextPair::languages()) pair->setText(language, text(m_row.texts[language]));
    connect(pair, &TextPair::edited, this, [this, text](const std::string& language, const std::string& markdown) {
        text(m_row.texts[language]) = trimmed(markdown);
        emit edited();
    });
    add(pair);
}

void LessonForm::stepTexts(const QString& name, const QString& title, int lines, const OfStep& text) {
    texts(name, title, lines, [text, place = *m_step](LessonTexts& all) -> std::string& { return text(all.steps[place]); });
}

}  // namespace lab
