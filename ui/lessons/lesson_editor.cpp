#include "ui/lessons/lesson_editor.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QListWidget>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/lessons/lesson_form.h"
#include "ui/lessons/lesson_recorder.h"
#include "ui/lessons/lesson_words.h"
#include "ui/lessons/text_pair.h"
#include "ui/runs/place.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

constexpr int editorWidth = 520, stepsHeight = 116;  // logical px at 100 %

/// Every language has texts for every step.
void fillUp(LessonRow& row) {
    for (const std::string& language : TextPair::languages()) row.texts[language].steps.resize(row.lesson.steps.size());
    for (auto& [language, texts] : row.texts) texts.steps.resize(row.lesson.steps.size());
}

Button* pressable(const char* name, const QString& title, const QString& help = {}) {
    auto* button = named(name, new Button(title));
    if (!help.isEmpty()) button->setToolTip(help);
    return button;
}

}  // namespace

LessonEditor::LessonEditor(const QStringList& actions, QWidget* parent) : QWidget(parent), m_actions(actions) {
    setControlName(*this, QStringLiteral("write.panel"));
    m_trouble = new ThemedLabel({}, TextSize::axis, Role::wrong);
    m_trouble->setWordWrap(true);
    m_area = named("write.area", new QScrollArea);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    auto* column = new QVBoxLayout(this);
    column->addWidget(makeHeader());
    column->addWidget(makeSteps());
    column->addWidget(m_trouble);
    column->addWidget(m_area, 1);
    column->addWidget(makeFooter());
    keepSpacing(column, {8, 6, 8, 8}, 6);
    followTheme(this, [this] {
        setFixedWidth(Theme::instance().px(editorWidth));
        m_steps->setFixedHeight(Theme::instance().px(stepsHeight));
    });
    setRow({});
}

QWidget* LessonEditor::makeHeader() {
    auto* header = new QWidget;
    auto* row = new QHBoxLayout(header);
    auto* open = pressable("write.open", tr("Open\u2026"), tr("A lesson that was saved, to change it"));
    auto* record = pressable("write.record", tr("Record"), tr("What you do in the window becomes steps"));
    m_check = pressable("write.play", tr("Check"), tr("Plays it beside the window and calculates all that it asks and checks"));
    auto* tries = pressable("write.try", tr("Try"), tr("Opens it as a lesson"));
    auto* save = pressable("write.save", tr("Save\u2026"));
    m_new = pressable("write.new", tr("Start over"));
    auto* close = pressable("write.close", QStringLiteral("\u00d7"), tr("Close; what is written is kept"));
    close->setAccessibleName(tr("Close"));
    close->setFlatLook(true);
    row->addWidget(new ThemedLabel(tr("Write a lesson"), TextSize::text, Role::text, true));
    row->addStretch(1);
    for (Button* each : {open, record, m_check, tries, save, m_new, close}) row->addWidget(each);
    keepSpacing(row, {}, 6);
    connect(open, &Button::clicked, this, &LessonEditor::openWanted);
    connect(record, &Button::clicked, this, &LessonEditor::recordWanted);
    connect(m_check, &Button::clicked, this, &LessonEditor::checkWanted);
    connect(tries, &Button::clicked, this, &LessonEditor::tryWanted);
    connect(save, &Button::clicked, this, &LessonEditor::saveWanted);
    connect(m_new, &Button::clicked, this, &LessonEditor::startOver);
    connect(close, &Button::clicked, this, &LessonEditor::closeWanted);
    return header;
}

QWidget* LessonEditor::makeSteps() {
    m_steps = named("write.steps", new QListWidget);
    m_steps->setAccessibleName(tr("Steps"));
    connect(m_steps, &QListWidget::currentRowChanged, this, &LessonEditor::showForm);
    auto* add = pressable("write.add", tr("Add"));
    m_up = pressable("write.up", tr("Up"));
    m_down = pressable("write.down", tr("Down"));
    m_less = pressable("write.remove", tr("Remove"));
    connect(add, &Button::clicked, this, &LessonEditor::addStep);
    connect(m_up, &Button::clicked, this, [this] { moveStep(-1); });
    connect(m_down, &Button::clicked, this, [this] { moveStep(1); });
    connect(m_less, &Button::clicked, this, &LessonEditor::removeStep);
    auto* steps = new QWidget;
    auto* row = new QHBoxLayout(steps);
    auto* buttons = new QVBoxLayout;
    for (Button* each : {add, m_up, m_down, m_less}) buttons->addWidget(each);
    buttons->addStretch(1);
    row->addWidget(m_steps, 1);
    row->addLayout(buttons);
    keepSpacing(buttons, 4);
    keepSpacing(row, {}, 6);
    return steps;
}

QWidget* LessonEditor::makeFooter() {
    m_state = new ThemedLabel({}, TextSize::axis, Role::muted);
    m_state->setWordWrap(true);
    m_offer = pressable("write.offer", QString());
    m_offer->hide();
    connect(m_offer, &Button::clicked, this, &LessonEditor::offerTaken);
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout(footer);
    row->addWidget(m_state, 1);
    row->addWidget(m_offer);
    keepSpacing(row, {}, 8);
    return footer;
}

void LessonEditor::setRow(const LessonRow& row) {
    m_row = row;
    fillUp(m_row);
    m_findings.clear();
    showSteps();
    choose(std::nullopt);
}

void LessonEditor::refresh() {
    fillUp(m_row);
    m_findings.clear();
    showSteps();
    const std::size_t count = m_row.lesson.steps.size();
    choose(count > 0 ? std::optional(count - 1) : std::nullopt);
    emit changed();
}

std::optional<std::size_t> LessonEditor::step() const {
    const int current = m_steps->currentRow();
    return current > 0 ? std::optional(static_cast<std::size_t>(current - 1)) : std::nullopt;
}

void LessonEditor::choose(std::optional<std::size_t> step) {
    m_steps->setCurrentRow(step ? static_cast<int>(*step) + 1 : 0);
    showForm();
}

bool LessonEditor::isWhole() {
    if (!m_faults.empty()) choose(m_faults.front().step);
    return m_faults.empty();
}

QString LessonEditor::lineOf(std::size_t place) const {
    const LessonStep& step = m_row.lesson.steps[place];
    QStringList parts;
    if (!step.show.empty()) parts << tr("shows");
    if (step.act) parts << tr("does");
    if (step.predict) parts << tr("asks");
    if (!step.checks.empty()) parts << tr("checks");
    return QStringLiteral("%1. %2   %3").arg(place + 1).arg(qt(step.id), parts.join(QStringLiteral(" \u00b7 ")));
}

/// What is wrong there, and what playing it found.
QStringList LessonEditor::troubles(std::optional<std::size_t> place) const {
    QStringList all;
    for (const LessonFault& fault : m_faults)
        if (fault.step == place)
            all << (fault.language.empty() ? QString() : qt(fault.language) + QStringLiteral(": ")) + shown(fault.what);
    for (const LessonFinding& finding : m_findings)
        if (!finding.good && place && finding.step == m_row.lesson.steps[*place].id) all << shown(finding.what);
    return all;
}

/// The list anew, or, where there are as many steps, its words.
void LessonEditor::showSteps() {
    m_faults = faultsOf(m_row);
    for (std::size_t i = 0; i < m_row.lesson.steps.size(); ++i)
        if (const std::string& show = m_row.lesson.steps[i].show; !show.empty() && !Place::parse(qt(show)))
            m_faults.push_back({i, {}, located("show", LAB_TEXT("lessons", "expected a place of the window"))});
    const QSignalBlocker quiet(m_steps);
    const int rows = static_cast<int>(m_row.lesson.steps.size()) + 1;
    while (m_steps->count() > rows) delete m_steps->takeItem(m_steps->count() - 1);
    while (m_steps->count() < rows) m_steps->addItem(QString());
    for (int i = 0; i < rows; ++i) {
        const auto place = i == 0 ? std::nullopt : std::optional(static_cast<std::size_t>(i - 1));
        const bool wrong = !troubles(place).isEmpty();
        m_steps->item(i)->setText((place ? lineOf(*place) : tr("The lesson")) + (wrong ? QStringLiteral("   \u00d7") : QString()));
    }
    showState();
}

void LessonEditor::showForm() {
    const auto place = step();
    m_form = new LessonForm(m_row, place, m_actions);
    m_area->setWidget(m_form);  // the form before goes
    connect(m_form, &LessonForm::edited, this, &LessonEditor::takeEdit);
    connect(
        m_form, &LessonForm::partsChanged, this,
        [this] {
            takeEdit();
            showFormAgain();
        },
        Qt::QueuedConnection);  // out of the form that goes
    connect(
        m_form, &LessonForm::placeWanted, this,
        [this] {
            if (const auto now = step()) emit placeWanted(*now);
            showFormAgain();
            takeEdit();
        },
        Qt::QueuedConnection);
    m_up->setEnabled(place && *place > 0);
    m_down->setEnabled(place && *place + 1 < m_row.lesson.steps.size());
    m_less->setEnabled(place.has_value());
    showState();
}

/// With the same of it in sight.
void LessonEditor::showFormAgain() {
    const int at = m_area->verticalScrollBar()->value();
    showForm();
    QTimer::singleShot(0, m_form, [this, at] { m_area->verticalScrollBar()->setValue(at); });  // when it is laid out
}

void LessonEditor::takeEdit() {
    m_findings.clear();
    fillUp(m_row);
    showSteps();
    emit changed();
}

void LessonEditor::showState() {
    m_trouble->setText(troubles(step()).join(QLatin1Char('\n')));
    m_trouble->setVisible(!m_trouble->text().isEmpty());
    if (m_newAsked) {
        m_newAsked = false;
        m_new->setText(tr("Start over"));
    }
    if (!m_findings.empty()) return;
    const auto count = std::ssize(m_faults);
    say(count == 0 ? tr("Nothing is missing. Check plays it.")
                   : counted(LAB_PLURAL("lessons", "%n thing(s) missing; what is written is kept"), count));
}

void LessonEditor::say(const QString& sentence, const QString& offer) {
    m_state->setText(sentence);
    m_offer->setText(offer);
    m_offer->setVisible(!offer.isEmpty());
}

void LessonEditor::setPlaying(bool playing) {
    m_check->setEnabled(!playing);
    if (playing) say(tr("The lesson is being played \u2026"));
}

void LessonEditor::setFindings(std::vector<LessonFinding> findings) {
    m_findings = std::move(findings);
    showSteps();
    QStringList lines;
    for (const LessonFinding& finding : m_findings)
        lines << QStringLiteral("%1 %2: %3")
                     .arg(finding.good ? QStringLiteral("\u2713") : QStringLiteral("\u00d7"), qt(finding.step), shown(finding.what));
    say(lines.isEmpty() ? tr("Played; it asks and checks nothing.") : lines.join(QLatin1Char('\n')));
}

void LessonEditor::addStep() {
    const std::size_t place = step() ? *step() + 1 : m_row.lesson.steps.size();
    LessonStep fresh;
    fresh.id = freeStepId(m_row.lesson);
    fresh.step = "latest";
    m_row.lesson.steps.insert(m_row.lesson.steps.begin() + static_cast<std::ptrdiff_t>(place), fresh);
    for (auto& [language, texts] : m_row.texts)
        texts.steps.insert(texts.steps.begin() + static_cast<std::ptrdiff_t>(place), LessonStepTexts{});
    takeEdit();
    choose(place);
}

void LessonEditor::removeStep() {
    const auto place = step();
    if (!place) return;
    m_row.lesson.steps.erase(m_row.lesson.steps.begin() + static_cast<std::ptrdiff_t>(*place));
    for (auto& [language, texts] : m_row.texts) texts.steps.erase(texts.steps.begin() + static_cast<std::ptrdiff_t>(*place));
    takeEdit();
    const std::size_t count = m_row.lesson.steps.size();
    choose(count == 0 ? std::nullopt : std::optional(std::min(*place, count - 1)));
}

void LessonEditor::moveStep(int by) {
    const auto place = step();
    if (!place) return;
    const std::size_t other = *place + static_cast<std::size_t>(by);
    if (other >= m_row.lesson.steps.size()) return;  // also above the first
    std::swap(m_row.lesson.steps[*place], m_row.lesson.steps[other]);
    for (auto& [language, texts] : m_row.texts) std::swap(texts.steps[*place], texts.steps[other]);
    takeEdit();
    choose(other);
}

/// The second press does it.
void LessonEditor::startOver() {
    if (!m_newAsked) {
        m_newAsked = true;
        return m_new->setText(tr("Forget this lesson"));
    }
    setRow({});
    emit changed();
}

void LessonEditor::keyPressEvent(QKeyEvent* event) {
    if (event->key() == Qt::Key_Escape) return emit closeWanted();
    QWidget::keyPressEvent(event);
}

void LessonEditor::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, rect().topRight(), rect().bottomRight(), theme.color(Role::hairline));
}

}  // namespace lab
