#include "ui/lessons/lesson_panel.h"

#include <QCoreApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPainter>
#include <QScrollArea>
#include <QScrollBar>
#include <QTimer>
#include <QVBoxLayout>
#include <algorithm>

#include "ui/lessons/lesson_guide.h"
#include "ui/lessons/lesson_words.h"
#include "ui/lessons/prediction_box.h"
#include "ui/lessons/step_segments.h"
#include "ui/text/language.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/focus_ring.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/spacing.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

const QString goKey = QStringLiteral("\u21b5");
constexpr int openWidth = 320, foldedWidth = 28, sideMargin = 12, ringRoom = 3;  // logical px at 100 %

/// Of the keys that come out of it only those that leaf are its own.
class LessonText : public QScrollArea {
protected:
    void keyPressEvent(QKeyEvent* event) override {
        if (event->key() == Qt::Key_PageUp || event->key() == Qt::Key_PageDown) return QScrollArea::keyPressEvent(event);
        event->ignore();
    }
};

}  // namespace

LessonPanel::LessonPanel(LessonGuide& guide, Focus& focus, QWidget* parent) : QWidget(parent), m_guide(guide), m_focus(focus) {
    setControlName(*this, QStringLiteral("lesson.panel"));
    setFocusPolicy(Qt::StrongFocus);
    FocusRing::exempt(this);  // its keys act wherever the focus is inside
    m_whole = new QWidget(this);
    auto* column = new QVBoxLayout(m_whole);
    column->addWidget(makeHeader());
    column->addWidget(makeBody(), 1);
    column->addWidget(makeFooter());
    keepSpacing(column, {sideMargin - ringRoom, 6, sideMargin, sideMargin}, 8);
    m_unfold = named("lesson.unfold", new Button(Glyph::chevronRight, tr("Unfold the lesson"), this));
    m_unfold->hide();
    auto* all = new QVBoxLayout(this);
    all->addWidget(m_unfold, 0, Qt::AlignTop);
    all->addWidget(m_whole, 1);
    keepSpacing(all, {}, 0);
    connect(m_unfold, &Button::clicked, this, [this] { setFolded(false); });
    connect(m_close, &Button::clicked, this, &LessonPanel::closeWanted);
    connect(m_pin, &Button::clicked, this, &LessonPanel::pinWanted);
    connect(m_back, &Button::clicked, &m_guide, &LessonGuide::back);
    connect(m_skip, &Button::clicked, &m_guide, &LessonGuide::skip);
    connect(m_hints, &Button::clicked, this, &LessonPanel::showHint);
    connect(m_go, &Button::clicked, this, &LessonPanel::goOn);
    connect(&m_guide, &LessonGuide::stepChanged, this, &LessonPanel::showStep);
    connect(&m_guide, &LessonGuide::stageChanged, this, &LessonPanel::showStage);
    connect(&m_guide, &LessonGuide::revealed, this, &LessonPanel::showRevealed);
    followTheme(this, &LessonPanel::applyMeasures);
    qApp->installEventFilter(this);
}

QWidget* LessonPanel::makeHeader() {
    auto* header = new QWidget;
    m_title = lessonParagraph(TextSize::text, Role::text, true);
    m_close = named("lesson.close", new Button(QStringLiteral("\u00d7")));
    m_close->setAccessibleName(tr("Close the lesson"));
    m_close->setFlatLook(true);
    m_pin = named("lesson.pin", new Button(tr("Pin")));
    m_pin->setCheckable(true);
    m_pin->setFocusPolicy(Qt::TabFocus);
    setPinned(false);
    m_where = new ThemedLabel({}, TextSize::axis, Role::text, true);
    m_left = new ThemedLabel({}, TextSize::axis, Role::muted);
    m_segments = new StepSegments;
    auto* column = new QVBoxLayout(header);
    auto* first = new QHBoxLayout;
    first->addWidget(m_title, 1);
    first->addWidget(m_pin, 0, Qt::AlignTop);
    first->addWidget(m_close, 0, Qt::AlignTop);
    auto* second = new QHBoxLayout;
    second->addWidget(m_where);
    second->addStretch(1);
    second->addWidget(m_left);
    column->addLayout(first);
    column->addLayout(second);
    column->addWidget(m_segments);
    keepSpacing(column, {ringRoom, 0, 0, 0}, 6);
    return header;
}

QWidget* LessonPanel::makeBody() {
    m_say = lessonParagraph(TextSize::text, Role::text);
    m_question = lessonParagraph(TextSize::text, Role::text, true);
    m_hint = lessonParagraph(TextSize::text, Role::muted);
    m_why = lessonParagraph(TextSize::text, Role::text);
    m_state = lessonParagraph(TextSize::text, Role::muted);
    m_hints = named("lesson.hint", new Button(tr("A hint")));
    auto* body = new QWidget;
    auto* column = new QVBoxLayout(body);
    column->addWidget(m_say);
    column->addWidget(m_question);
    m_answers = new QVBoxLayout;
    column->addLayout(m_answers);
    column->addWidget(m_state);
    column->addWidget(m_why);
    column->addWidget(m_hint);
    column->addWidget(m_hints, 0, Qt::AlignLeft);
    column->addStretch(1);
    keepSpacing(column, {ringRoom, ringRoom, 6, 2}, 10);
    m_area = named("lesson.text", new LessonText);
    m_area->setWidget(body);
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->viewport()->setAutoFillBackground(false);
    body->setAutoFillBackground(false);
    return m_area;
}

QWidget* LessonPanel::makeFooter() {
    m_back = named("lesson.back", new Button(tr("Back")));
    m_back->setGlyph(Glyph::chevronLeft);
    m_back->setHeight(32);
    m_skip = named("lesson.skip", new Button(tr("Skip")));
    m_skip->setHeight(32);
    m_skip->setFlatLook(true);
    m_go = named("lesson.go", new PrimaryButton(tr("Next")));
    m_go->setHeight(32);
    auto* footer = new QWidget;
    auto* row = new QHBoxLayout;
    row->addWidget(m_back);
    row->addStretch(1);
    row->addWidget(m_skip);
    m_footer = new QBoxLayout(QBoxLayout::LeftToRight, footer);
    m_footer->addLayout(row, 1);
    m_footer->addWidget(m_go);
    keepSpacing(row, {}, 8);
    keepSpacing(m_footer, {ringRoom, 0, 0, 0}, 8);
    return footer;
}

/// What goes on stands below the others where its words leave them no room; its key has its room before it is shown.
void LessonPanel::placeGo() {
    const int others = m_back->sizeHint().width() + (m_skip->isHidden() ? 0 : m_skip->sizeHint().width() + m_footer->spacing());
    const int room = Theme::instance().px(openWidth - 2 * sideMargin);
    m_go->setKeycap(goKey);
    const bool beside = others + m_footer->spacing() + m_go->sizeHint().width() <= room;
    m_go->setKeycap(m_go->isEnabled() ? goKey : QString());
    m_footer->setDirection(beside ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void LessonPanel::applyMeasures() {
    setFixedWidth(Theme::instance().px(m_folded ? foldedWidth : openWidth));
    if (m_guide.row()) showStep();
}

void LessonPanel::setPinned(bool pinned) {
    m_pin->setChecked(pinned);
    m_pin->setText(pinned ? tr("Pinned") : tr("Pin"));
    m_pin->setToolTip(pinned ? tr("The lesson stays, and opens at the next start; press to let it go")
                             : tr("Keep the lesson: it stays, and opens at the next start"));
    m_close->setEnabled(!pinned);
    m_close->setToolTip(pinned ? tr("The lesson is pinned: let it go first") : tr("Close the lesson; what was open before comes back"));
}

void LessonPanel::setFolded(bool folded) {
    m_folded = folded;
    m_whole->setVisible(!folded);
    m_unfold->setVisible(folded);
    setFixedWidth(Theme::instance().px(folded ? foldedWidth : openWidth));
}

void LessonPanel::takeOver(const LessonPanel& old) {
    showStep();
    for (std::size_t i = 0; i < old.m_hintsShown; ++i) showHint();
    setFolded(old.m_folded);
}

const LessonStepTexts& LessonPanel::texts() const {
    return m_guide.texts(language().toStdString());
}

void LessonPanel::say(ThemedLabel* label, const std::string& markdown) {
    label->setText(lessonHtml(label->font(), markdown));
    label->setAccessibleName(lessonPlain(markdown));
    label->setVisible(!markdown.empty());
}

void LessonPanel::showStep() {
    if (!m_guide.row()) return;
    const Lesson& lesson = m_guide.row()->lesson;
    const auto& all = m_guide.row()->texts;
    const auto found = all.find(language().toStdString());
    const LessonTexts& words = (found == all.end() ? all.begin() : found)->second;
    const int count = static_cast<int>(lesson.steps.size());
    m_title->setText(lessonHtml(m_title->font(), words.title));
    m_segments->setStep(m_guide.index(), count);
    m_where->setText(m_guide.isBehindTheLast() ? tr("Done")
                     : m_guide.isRecalling()   ? tr("From an earlier lesson")
                                               : tr("Step %1 of %2").arg(m_guide.index() + 1).arg(count));
    const int left = (lesson.minutes * (count - std::max(m_guide.index(), 0)) + count - 1) / count;
    m_left->setText(left > 0 ? tr("about %1 min left").arg(left) : QString());
    m_hintsShown = 0;
    for (ThemedLabel* label : {m_hint, m_why, m_state}) label->hide();
    delete m_box;
    m_box = nullptr;
    m_back->setEnabled(m_guide.index() != m_guide.firstIndex());
    if (m_guide.isBehindTheLast()) {
        say(m_say, words.tryNext);
        say(m_question, {});
        m_hints->hide();
    } else {
        askFor(texts());
    }
    showStage();
    const bool sees = !m_guide.isBehindTheLast() && (m_guide.step().predict || m_guide.step().act);
    if (sees && m_guide.stage() == LessonGuide::Stage::done) showRevealed();
    m_area->ensureVisible(0, 0);
    setAccessibleName(m_where->text());
    setAccessibleDescription(QStringList{m_say->accessibleName(), m_question->accessibleName()}.join(QLatin1Char(' ')));
    setFocus();
}

void LessonPanel::askFor(const LessonStepTexts& words) {
    say(m_say, words.say);
    say(m_question, words.question);
    m_hints->setVisible(!words.hints.empty());
    m_hints->setText(tr("A hint"));
    if (!m_guide.step().predict) return;
    m_box = makePredictionBox({*m_guide.step().predict, words, m_focus, m_guide.count()});
    m_answers->addWidget(m_box);
    putTabBehind(m_close);
    if (m_guide.said()) m_box->say(*m_guide.said());
    connect(m_box, &PredictionBox::saidChanged, this, [this] { m_guide.setSaid(m_box->said()); });
}

/// The answers come where they stand, though they are made last.
void LessonPanel::putTabBehind(QWidget* last) {
    for (QWidget* each : QWidgetList{m_box} + m_box->findChildren<QWidget*>()) {
        if ((each->focusPolicy() & Qt::TabFocus) == 0) continue;
        setTabOrder(last, each);
        last = each;
    }
    setTabOrder(last, m_hints);
}

/// What the button does next.
QString LessonPanel::goText() const {
    if (m_guide.isBehindTheLast()) return tr("All lessons");
    if (m_guide.stage() == LessonGuide::Stage::done) return tr("Next");
    const auto& act = m_guide.step().act;
    if (act && !act->set.empty()) return tr("Start the run");
    if (act && !act->input.empty()) return tr("Read it");
    if (act && act->action.starts_with("train.")) return m_guide.hasCome() ? tr("See") : tr("Train and see");
    if (act) return tr("It is your turn");
    return tr("See");
}

void LessonPanel::showStage() {
    if (!m_guide.row()) return;
    using Stage = LessonGuide::Stage;
    const Stage stage = m_guide.stage();
    const bool waits = stage == Stage::acting || stage == Stage::looking;
    m_go->setText(goText());
    m_go->setEnabled(stage == Stage::ready || stage == Stage::done);
    m_skip->setVisible(!m_guide.isBehindTheLast() && stage != Stage::done);
    placeGo();
    if (stage == Stage::asking) {
        m_state->setText(tr("No answer is marked down. You can change it until it is revealed."));
        m_state->show();
    } else if (waits) {
        const auto& act = m_guide.step().act;
        const bool window = act && !act->action.empty() && !act->action.starts_with("train.");
        m_state->setText(window ? tr("Do it in the window; the lesson goes on by itself.") : tr("The model is at work \u2026"));
        m_state->show();
    } else if (m_guide.problem().isEmpty()) {
        m_state->hide();
    }
}

void LessonPanel::showRevealed() {
    if (!m_guide.problem().isEmpty()) {
        m_state->setText(m_guide.problem().toHtmlEscaped());
        m_state->show();
    } else if (m_box && m_guide.right()) {
        m_box->reveal(*m_guide.right());
    }
    say(m_why, texts().why);
    setAccessibleDescription(m_why->accessibleName());
    m_hint->hide();
    m_hints->hide();
    setFocus();
    QTimer::singleShot(0, m_why, [this] { showWhy(); });  // when it is laid out
}

/// As much of the explanation as there is room for, its beginning first.
void LessonPanel::showWhy() {
    if (m_why->isHidden()) return;
    m_area->widget()->layout()->activate();
    const int bottom = m_why->geometry().bottom() - m_area->viewport()->height();
    QScrollBar* bar = m_area->verticalScrollBar();
    bar->setValue(std::max(bar->value(), std::min(bottom + m_area->widget()->layout()->spacing(), m_why->y())));
}

void LessonPanel::showHint() {
    const std::vector<std::string>& hints = texts().hints;
    if (m_hintsShown >= hints.size()) return;
    std::string text;
    for (std::size_t i = 0; i <= m_hintsShown; ++i) text += hints[i] + "\n\n";
    ++m_hintsShown;
    say(m_hint, text);
    m_hints->setVisible(m_hintsShown < hints.size());
    m_hints->setText(tr("Another hint"));
}

void LessonPanel::goOn() {
    if (m_guide.isBehindTheLast()) return emit courseWanted();
    if (m_guide.stage() == LessonGuide::Stage::done)
        m_guide.next();
    else
        m_guide.act();
}

/// While the focus is inside, its keys are its own: B is an answer, not a branch.
bool LessonPanel::event(QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride) return QWidget::event(event);
    const auto* key = static_cast<QKeyEvent*>(event);
    const bool mine = isLetterOfAnswer(*key) || isForField(*key) || wouldTrain(*key);
    if (mine || key->key() == Qt::Key_Escape) event->accept();
    return mine || QWidget::event(event);
}

/// Whoever clicked into the page still answers with the keys that the question names; whoever types into a field there does not.
bool LessonPanel::eventFilter(QObject* watched, QEvent* event) {
    if (event->type() != QEvent::ShortcutOverride && event->type() != QEvent::KeyPress) return false;
    const auto* widget = qobject_cast<QWidget*>(watched);
    const auto* key = static_cast<QKeyEvent*>(event);
    if (!widget || widget->window() != window() || widget == this || isAncestorOf(widget)) return false;
    if (widget->testAttribute(Qt::WA_InputMethodEnabled) || !isVisible() || m_folded || !answersFromPage(*key)) return false;
    event->accept();
    if (event->type() == QEvent::KeyPress) keyPressEvent(static_cast<QKeyEvent*>(event));
    return true;
}

/// Its question may still be answered.
bool LessonPanel::waits() const {
    return m_guide.stage() == LessonGuide::Stage::asking || m_guide.stage() == LessonGuide::Stage::ready;
}

bool LessonPanel::answersFromPage(const QKeyEvent& key) const {
    if (!m_box || !waits()) return false;
    const bool enter = key.key() == Qt::Key_Return || key.key() == Qt::Key_Enter;
    const bool saidInPage = m_guide.step().predict->kind == Prediction::Kind::cell && m_go->isEnabled();
    return isLetterOfAnswer(key) || isForField(key) || (enter && saidInPage);
}

bool LessonPanel::isLetterOfAnswer(const QKeyEvent& key) const {
    return m_box && m_guide.step().predict->kind == Prediction::Kind::choice && key.modifiers() == Qt::NoModifier &&
           key.key() >= Qt::Key_A && key.key() < Qt::Key_A + static_cast<int>(m_guide.step().predict->answers.size());
}

/// Space and . in an answer that is being given would show what was asked.
bool LessonPanel::wouldTrain(const QKeyEvent& key) const {
    const QWidget* focus = window()->focusWidget();
    const bool answers = m_box && waits() && (focus == m_box || m_box->isAncestorOf(focus));
    return answers && key.modifiers() == Qt::NoModifier && (key.key() == Qt::Key_Space || key.key() == Qt::Key_Period);
}

/// A digit is an answer, not a page.
bool LessonPanel::isForField(const QKeyEvent& key) const {
    static const QString numbers = QStringLiteral("0123456789.,-+");
    const bool plain = !(key.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier));
    return m_box && m_box->typedInto() && plain && key.text().size() == 1 && numbers.contains(key.text());
}

void LessonPanel::keyPressEvent(QKeyEvent* event) {
    const int key = event->key();
    if (key == Qt::Key_Escape) return setFolded(!m_folded);
    if ((key == Qt::Key_Return || key == Qt::Key_Enter) && m_go->isEnabled()) return m_go->click();
    if (isForField(*event)) {
        m_box->typedInto()->setFocus();
        QCoreApplication::sendEvent(m_box->typedInto(), event);
        return;
    }
    if (key == Qt::Key_Left && event->modifiers().testFlag(Qt::AltModifier)) return m_guide.back();
    if (m_box && event->modifiers() == Qt::NoModifier && m_box->takeKey(key)) return;
    QWidget::keyPressEvent(event);
}

void LessonPanel::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, rect().topRight(), rect().bottomRight(), theme.color(Role::hairline));
}

}  // namespace lab
