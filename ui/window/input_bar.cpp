#include "ui/window/input_bar.h"

#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLineEdit>
#include <QMenu>
#include <QPainter>
#include <QRandomGenerator>
#include <algorithm>

#include "core/base/errors.h"
#include "core/model/decoding.h"
#include "core/runs/budget.h"
#include "ui/runs/comparison.h"
#include "ui/scenes/input_name.h"
#include "ui/text/message_text.h"
#include "ui/widgets/bar_label.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/problem_label.h"
#include "ui/widgets/taken.h"
#include "ui/widgets/theme.h"
#include "ui/widgets/themed_label.h"
#include "ui/widgets/token_strip.h"
#include "ui/widgets/verdict.h"
#include "ui/window/compare_row.h"
#include "ui/window/input_chips.h"
#include "ui/window/likely_row.h"
#include "ui/window/writer.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int inputBarBarHeight = 64, likelyRowHeight = 58;
constexpr int inputBarGap = 12;
constexpr int storyWidth = 152;
constexpr int leastStory = 120;
constexpr int inputBarStoryLine = 18;
constexpr int comfortableStrip = 500, comfortableText = 560;  // buttons leave tokens this much room

QString sentenceOf(const std::exception& error) {
    return shown(messageOf(error));
}

}  // namespace

InputBar::InputBar(Focus& focus, QWidget* parent)
    : QWidget(parent),
      m_focus(focus),
      m_labels(new BarLabel({tr("Input"), tr("Predicted")})),
      m_previous(named("window.input.previous", new Button(Glyph::chevronLeft, tr("Previous sample (Ctrl+Left)")))),
      m_next(named("window.input.next", new Button(Glyph::chevronRight, tr("Next sample (Ctrl+Right)")))),
      m_strip(named("window.input.tokens", new TokenStrip)),
      m_line(named("window.input.line", new QLineEdit)),
      m_second(named("window.input.second", new QLineEdit)),
      m_story(makeStory()),
      m_compareRow(new CompareRow(focus)),
      m_likelyRow(new LikelyRow(focus)),
      m_writer(new Writer(focus, this)) {
    setAttribute(Qt::WA_OpaquePaintEvent);
    m_strip->setSizePolicy(QSizePolicy::Preferred, QSizePolicy::Fixed);
    m_line->setAccessibleName(tr("Own input"));
    m_second->setAccessibleName(tr("Second sentence"));
    m_second->setPlaceholderText(tr("a second sentence, if any"));
    m_second->setToolTip(tr("Read behind the first, told from it by a separator and, where the model has them, by segments 0 and 1"));
    for (QLineEdit* line : {m_line, m_second}) {
        line->installEventFilter(this);
        line->hide();
    }
    m_pace.setInterval(budget::writing);
    makeButtons();

    auto* turn = new QHBoxLayout;
    turn->setSpacing(2);
    turn->addWidget(m_previous);
    turn->addWidget(m_next);
    m_row = new QHBoxLayout;
    m_row->addWidget(m_labels);
    m_row->addLayout(turn);
    m_row->addWidget(m_strip);
    m_row->addWidget(m_line, 1);
    m_row->addWidget(m_second, 1);
    m_row->addWidget(m_story);
    m_row->addStretch();
    for (Button* button : {m_write, m_type, m_shuffle, m_mask, m_frame, m_compare, m_likely, m_more}) m_row->addWidget(button);
    auto* rows = new QVBoxLayout(this);
    rows->setContentsMargins(0, 0, 0, 0);
    rows->setSpacing(0);
    rows->addLayout(m_row);
    rows->addWidget(m_likelyRow);
    rows->addWidget(m_compareRow);
    connectParts();
    applyMeasures();
    watchRun();
}

void InputBar::takeOver(const InputBar& other) {
    if (m_focus.comparison().active()) showComparison();
    m_keptByMask = other.m_keptByMask;
    if (!other.m_likelyRow->isHidden()) {
        showLikely(true);
        m_likelyRow->choose(other.m_likelyRow->position());
    }
    if (other.m_line->isHidden()) return;
    typeInput();
    m_line->setText(other.m_line->text());
    m_second->setText(other.m_second->text());
}

void InputBar::makeButtons() {
    m_type = named("window.input.type", new Button(tr("Type or paste\u2026")));
    m_type->setToolTip(tr("Give the model tokens of your own"));
    m_shuffle = named("window.input.shuffle", new Button(tr("Shuffle")));
    m_shuffle->setToolTip(tr("Another sample, at random"));
    m_write = named("window.input.write", new Button(tr("Write out")));
    m_write->setCheckable(true);
    m_mask = named("window.input.mask", new Button(tr("Mask token")));
    m_mask->setWidthFor({tr("Mask token"), tr("Unmask token")});
    m_frame = named("window.input.frame", new Button(tr("Special tokens")));
    m_frame->setCheckable(true);
    m_compare = named("window.input.compare", new Button(tr("Compare")));
    m_compare->setCheckable(true);
    m_compare->setToolTip(
        tr("Keeps this input beside the next: edit it, mask a token or take another sample, and see what changes (Ctrl+Shift+K)"));
    m_likely = named("window.input.likely", new Button(tr("Likeliest")));
    m_likely->setCheckable(true);
    m_more = named("window.input.more", new Button(tr("More")));
    m_more->setToolTip(tr("What else can be done with the input"));
    m_more->setMenu(new QMenu(m_more));
    connect(m_more->menu(), &QMenu::aboutToShow, this, [this] {
        m_more->menu()->clear();
        for (Button* button : m_folded) {
            QAction* action = m_more->menu()->addAction(button->text(), button, &QAbstractButton::click);
            action->setCheckable(button->isCheckable());
            action->setChecked(button->isChecked());
            action->setEnabled(button->isEnabled());
        }
        numberActions(*m_more->menu(), m_more->objectName());
    });
    for (Button* button : {m_previous, m_next, m_type, m_shuffle, m_write, m_mask, m_frame, m_compare, m_likely, m_more})
        button->setFocusPolicy(Qt::TabFocus);
}

void InputBar::connectParts() {
    connect(m_previous, &QAbstractButton::clicked, this, &InputBar::previousSample);
    connect(m_next, &QAbstractButton::clicked, this, &InputBar::nextSample);
    connect(m_type, &QAbstractButton::clicked, this, &InputBar::typeInput);
    connect(m_shuffle, &QAbstractButton::clicked, this, &InputBar::shuffle);
    connect(m_write, &QAbstractButton::clicked, this, &InputBar::writeOut);
    connect(m_mask, &QAbstractButton::clicked, this, &InputBar::toggleMask);
    connect(m_frame, &QAbstractButton::clicked, this, &InputBar::toggleFrame);
    connect(m_compare, &QAbstractButton::clicked, this, &InputBar::toggleComparison);
    connect(m_likely, &QAbstractButton::clicked, this, &InputBar::toggleLikely);
    connect(m_likelyRow, &LikelyRow::closeWanted, this, [this] { showLikely(false); });
    connect(m_likelyRow, &LikelyRow::positionChanged, this, &InputBar::showLikelyPosition);
    connect(m_strip, &TokenStrip::predictionPressed, this, [this](int index) {
        if (!m_likely->isEnabled() || isTaken(*m_likely)) return;
        showLikely(true);
        m_likelyRow->choose(index);
    });
    connect(&m_pace, &QTimer::timeout, this, &InputBar::showNextWritten);
    connect(m_writer, &Writer::writingChanged, this, &InputBar::showWriting);
    connect(m_strip, &TokenStrip::tokenEdited, this, &InputBar::takeToken);
    connect(m_strip, &TokenStrip::editProblem, this, &InputBar::showProblem);
    connect(m_strip, &TokenStrip::insertWanted, this, &InputBar::insertToken);
    connect(m_strip, &TokenStrip::removeWanted, this,
            [this](int index) { change([this, index] { return m_own->withRemoved(m_focus.input(), index); }); });
    connect(m_strip, &TokenStrip::maskWanted, this, &InputBar::mask);
    connect(m_strip, &TokenStrip::hideWanted, this, &InputBar::hide);
    m_strip->setPredictionTip([this](int index) { return likelyTip(index); });
    connect(m_strip, &TokenStrip::cursorMoved, this, &InputBar::showCursor);
    connect(m_strip, &TokenStrip::scrolled, &m_compareRow->strip(), &TokenStrip::scrollAlong);
    for (const QLineEdit* line : {m_line, m_second}) {
        connect(line, &QLineEdit::textEdited, this, [this] { showProblem({}); });
        connect(line, &QLineEdit::returnPressed, this, &InputBar::takeLine);
    }
    connect(&m_focus, &Focus::runChanged, this, &InputBar::watchRun);
    connect(&m_focus, &Focus::inputChanged, this, &InputBar::showInput);
    connect(&m_focus, &Focus::selectionChanged, this, &InputBar::showQuery);
    connect(&m_focus, &Focus::traceChanged, this, &InputBar::showTraceError);
    connect(&m_focus, &Focus::answerChanged, this, &InputBar::showPredictions);
    connect(&m_focus.comparison(), &Comparison::inputChanged, this, &InputBar::showComparison);
    connect(m_compareRow, &CompareRow::swapWanted, this, [this] {
        const Input kept = m_focus.comparison().input();
        const QString name = m_focus.comparison().name();
        m_focus.comparison().keep(m_focus.input(), sourceName());
        m_focus.setInput(kept);
        m_source->setText(name);
    });
    whenThemed(this, &InputBar::applyMeasures);
}

/// Two lines beside the tokens: where they come from, and how many answers are right; or one sentence on what was typed wrong.
QWidget* InputBar::makeStory() {
    auto* story = new QWidget;
    m_source = new ThemedLabel({});
    m_verdict = new ThemedLabel({}, TextSize::text, Role::right, true);
    m_verdictTail = new ThemedLabel({});
    m_problem = new ProblemLabel(TextSize::axis);
    auto* second = new QHBoxLayout;
    second->setSpacing(4);
    second->addWidget(m_verdict);
    second->addWidget(m_verdictTail);
    second->addStretch();
    auto* lines = new QVBoxLayout(story);
    lines->setContentsMargins(0, 0, 0, 0);
    lines->setSpacing(2);
    lines->addStretch();
    lines->addWidget(m_source);
    lines->addLayout(second);
    lines->addWidget(m_problem);
    lines->addStretch();
    return story;
}

void InputBar::applyMeasures() {
    const Theme& theme = Theme::instance();
    m_likelyRow->setFixedHeight(theme.px(likelyRowHeight));
    setFixedHeight(theme.px(inputBarBarHeight) * (m_focus.comparison().active() ? 2 : 1) +
                   (m_likelyRow->isHidden() ? 0 : m_likelyRow->height()));
    m_row->setContentsMargins(0, 1, theme.px(inputBarGap), 0);
    m_row->setSpacing(theme.px(inputBarGap) - theme.px(4));
    m_compareRow->setFixedHeight(theme.px(inputBarBarHeight));
    m_compareRow->setIndent(m_previous->sizeHint().width() + 2 + m_next->sizeHint().width());
    m_story->setMinimumWidth(theme.px(storyWidth));
    for (QLineEdit* line : {m_line, m_second}) line->setFixedHeight(theme.px(28));
    m_line->setMinimumWidth(theme.px(m_second->isHidden() ? 320 : 160));
    m_second->setMinimumWidth(theme.px(160));
    for (ThemedLabel* label : {m_source, m_verdict, m_verdictTail}) label->setFixedHeight(theme.px(inputBarStoryLine));
    fold();
    update();
}

bool InputBar::event(QEvent* event) {
    if (event->type() == takenEvent()) {
        fold();
        showKind();
    }
    return QWidget::event(event);
}

void InputBar::resizeEvent(QResizeEvent*) {
    fold();
}

int InputBar::widthOf(const QWidget* part) const {
    return part->sizeHint().width() + m_row->spacing();
}

int InputBar::roomBesideButtons(int strip, int story) const {
    return m_labels->width() + widthOf(m_previous) + m_next->sizeHint().width() + strip + m_row->spacing() +
           std::max(Theme::instance().px(story), m_story->sizeHint().width()) + 2 * m_row->spacing() + Theme::instance().px(inputBarGap);
}

QSize InputBar::minimumSizeHint() const {
    return {roomBesideButtons(m_strip->minimumSizeHint().width(), leastStory) + widthOf(m_type) + widthOf(m_more), height()};
}

/// What has no room beside the tokens goes into a menu.
void InputBar::fold() {
    int used = roomBesideButtons(
        std::min(m_strip->contentWidth(), Theme::instance().px(m_own && m_own->isText() ? comfortableText : comfortableStrip)), storyWidth);
    std::vector<Button*> wanted{m_type, m_shuffle, m_mask, m_compare, m_likely};
    if (m_own && m_own->isText()) std::swap(wanted[1], wanted[2]);  // samples are a few sentences
    if (m_own && m_own->canFrame()) wanted.insert(wanted.begin() + 2, m_frame);
    if (m_writes) wanted.insert(wanted.begin() + 1, m_write);
    std::erase_if(wanted, [](const Button* button) { return isTaken(*button); });
    for (const Button* button : wanted) used += widthOf(button);
    m_folded.clear();
    if (used > width()) used += widthOf(m_more);
    while (used > width() && wanted.size() > 1) {
        used -= widthOf(wanted.back());
        m_folded.insert(m_folded.begin(), wanted.back());
        wanted.pop_back();
    }
    for (Button* button : {m_type, m_write, m_shuffle, m_mask, m_frame, m_compare, m_likely})
        setShown(*button, std::find(wanted.begin(), wanted.end(), button) != wanted.end());
    m_more->setVisible(!m_folded.empty());
    // Rather than cutting the last token the story gives what it does not need.
    m_story->setMinimumWidth(Theme::instance().px(used > width() ? leastStory : storyWidth));
}

void InputBar::watchRun() {
    leaveLine();
    showProblem({});  // it spoke of another run
    Run* run = m_focus.run();
    m_writer->setOwn(nullptr);
    m_likelyRow->setOwn(nullptr);
    m_own = run ? std::make_unique<OwnInput>(*run) : nullptr;
    for (Button* button : {m_previous, m_next, m_type, m_shuffle, m_mask, m_frame, m_compare}) button->setEnabled(run);
    showKind();
    m_compareRow->setOwn(m_own.get());
    m_writer->setOwn(m_own.get());
    m_likelyRow->setOwn(m_own.get());
    m_strip->setTokenLength(m_own ? m_own->tokenLength() : 0);
    m_strip->setCheck([this](int, const QString& text) -> QString {
        try {
            if (m_own) m_own->check(text);
            return {};
        } catch (const InputError& error) {
            return sentenceOf(error);
        }
    });
    showInput();
}

/// What can be done with an input depends on what it is made of.
void InputBar::showKind() {
    const bool vectors = m_own && m_own->vectors(), numbers = m_own && m_own->words().numbers();
    m_likely->setEnabled(m_own && !numbers);
    m_likely->setToolTip(numbers   ? tr("This model answers with numbers: there are no tokens of which one is likeliest")
                         : vectors ? tr("The ten answers that the model holds likeliest, with their probabilities (Ctrl+L)")
                                   : tr("The ten tokens that the model holds likeliest at a position, with their probabilities; a click on "
                                        "a prediction chooses it (Ctrl+L)"));
    if (numbers) showLikely(false);
    const QString mask = m_own ? m_own->maskName() : QString();
    m_strip->setMaskName(mask);
    m_mask->setToolTip(mask.isEmpty()
                           ? tr("Hides the token with the ring from every query, as padding is hidden, and keeps the input to "
                                "compare with (Ctrl+M)")
                           : tr("Puts %1 in the place of the token with the ring, for the model to fill in; once more, and it is "
                                "back (Ctrl+M). Shift+M hides it from every query instead")
                                 .arg(mask));
    if (m_own && m_own->canFrame())
        m_frame->setToolTip(m_own->framesUnasked()
                                ? tr("With the special tokens that this model's tokenizer puts about a text, or without them")
                                : tr("With a token before the text that says it begins here, or without it"));
    m_strip->setFixed(vectors && m_own->vectors()->isFixed());
    m_strip->setReadOnly(isTaken(*m_type));
}

QString InputBar::tipOf(const Input& input, std::size_t position) const {
    const QString place = tr("Position %1: %2").arg(QString::number(position), m_own->words().spoken(input, position));
    if (m_own->words().isClassToken(input, position)) return tr("%1. It is learned and reads no part of the input.").arg(place);
    if (m_own->vectors() && m_own->vectors()->isFixed()) return tr("%1. Right click or M masks it.").arg(place);
    return tr("%1. Click to change it, right click for more.").arg(place);
}

void InputBar::showInput() {
    stopWriting();
    const Run* run = m_focus.run();
    const Input& input = m_focus.input();
    m_reveals = run && !m_own->vectors() && input.masked.empty() && input.interventions.empty() &&
                writesAnswer(run->model()->config(), input) && !m_writer->owns(input);
    m_writes = m_reveals || m_writer->canWrite();
    m_write->setToolTip(m_writes && !m_reveals && m_own->canContinue()
                            ? tr("Lets the model go on with the text, token by token, each read before the next (W)")
                            : tr("Watch the answer being written token by token, each read before the next (W)"));
    std::vector<TokenChip> chips = m_own ? chipsOf(m_own->words(), input) : std::vector<TokenChip>();
    for (std::size_t i = 0; i < chips.size(); ++i) {
        TokenChip& chip = chips[i];
        chip.toolTip = tipOf(input, i);
        chip.marked = m_focus.comparison().active() && differs(input, m_focus.comparison().input(), i);
        if (m_own->vectors()) chip.edited = m_own->vectors()->typedAt(input, i);
    }
    m_strip->setTokens(std::move(chips));
    m_source->setText(sourceName());
    m_source->setToolTip(countWords());
    m_frame->setChecked(m_own && m_own->isFramedText(input));
    m_compareRow->refresh();
    fold();
    showPredictions();
}

/// The query in hand, where it is one of these tokens.
void InputBar::showQuery() {
    const Run* run = m_focus.run();
    const int block = m_focus.selection().block;
    const bool other =
        !run || run->model()->attentionBlocks().empty() ||
        (!m_focus.input().targetTokens.empty() && run->model()->attentionBlocks()[static_cast<std::size_t>(block)].side == "decoder");
    m_strip->setRing(other ? -1 : m_focus.selection().query);
}

/// Patches and points: what is asked of them stands below the positions that answer.
void InputBar::showVectorAnswers() {
    const VectorAnswers answers = vectorAnswers(m_own->words(), m_focus.input(), m_focus.answer(), m_focus.trace().get());
    m_strip->setPredictions(answers.chips);
    if (answers.asked == 0) return showVerdict(0, 0);
    const PredictionChip& last = answers.chips[answers.last];
    if (!m_own->words().numbers() && answers.asked > 1) return showVerdict(answers.right, answers.asked);
    if (!m_own->words().numbers()) {
        const bool right = answers.right == 1;
        m_verdict->setRole(verdictRole(right));
        m_verdict->setText(verdictText(right, last.text));
        return m_verdictTail->setText(right ? tr("right") : tr("truth: %1").arg(m_own->words().truth(m_focus.input(), answers.last)));
    }
    m_verdict->setRole(Role::text);
    m_verdict->setText(answers.asked == 1   ? tr("model %1").arg(last.text)
                       : !answers.explained ? tr("all asked is 0")
                                            : percent(*answers.explained));
    m_verdictTail->setText(answers.asked == 1 ? tr("truth %1").arg(last.truth) : answers.explained ? tr("explained") : QString());
}

/// A model of tokens without a head: what it makes of them are hidden states.
void InputBar::showNoAnswers() {
    m_strip->setPredictions({});
    m_verdict->setText({});
    m_verdictTail->setText(countWords());
}

/// "18 tokens, 2 special"
QString InputBar::countWords() const {
    if (!m_own || !m_own->isText()) return {};
    const Input& input = m_focus.input();
    const int special = static_cast<int>(m_own->words().specials(input).size());
    const QString tokens = tr("%n tokens", nullptr, static_cast<int>(input.tokens.size()));
    return special > 0 ? tr("%1, %2 special").arg(tokens).arg(special) : tokens;
}

/// What else might stand at a position, the likeliest first, and where the true token is among them.
QString InputBar::likelyTip(int index) const {
    if (!m_own || m_own->words().numbers() || !m_focus.trace()) return {};
    return m_likelyRow->storyOf(index);
}

void InputBar::showPredictions() {
    if (m_own && m_own->vectors()) return showVectorAnswers();
    if (m_own && m_own->words().numbers()) return showNoAnswers();
    using Verdict = PredictionChip::Verdict;
    std::vector<PredictionChip> chips;
    int right = 0;
    int of = 0;
    int written = 0;
    const std::vector<int>& said = m_focus.answer();
    if (said.empty() && m_writer->isWriting()) return;  // the next is on its way
    const std::vector<int>& targets = m_focus.input().targets;
    const Verdict miss = m_own && m_own->isText() ? Verdict::other : Verdict::wrong;
    for (std::size_t i = 0; m_own && i < said.size(); ++i) {
        PredictionChip chip;
        if (said[i] >= 0 && m_pace.isActive() && written == m_written) break;
        if (said[i] >= 0) ++written;
        if (said[i] >= 0) chip = {m_own->text(said[i]), Verdict::open, {}};
        if (said[i] >= 0 && !targets.empty()) {
            const int target = i < targets.size() ? targets[i] : -1;
            chip.verdict = target < 0 ? Verdict::none : target == said[i] ? Verdict::right : miss;
            of += target >= 0;
            right += chip.verdict == Verdict::right;
            const QString place = tr("Position %1: predicted %2").arg(QString::number(i), chip.text);
            chip.toolTip = chip.verdict == Verdict::right ? tr("%1, which is right").arg(place)
                           : miss == Verdict::other
                               ? (m_own->canContinue() ? tr("%1; the text goes on with %2") : tr("%1; the text has %2"))
                                     .arg(place, m_own->text(target))
                               : tr("%1, right would be %2").arg(place, m_own->text(target));
        }
        chips.push_back(std::move(chip));
    }
    const bool growing = m_focus.answering() || isWriting();
    const int last = static_cast<int>(chips.size()) - 1;
    chips.resize(said.size());
    m_strip->setPredictions(std::move(chips));
    if (growing && last >= 0) m_strip->follow(last);
    showVerdict(right, of);
}

void InputBar::showTraceError() {
    const QString error = m_focus.traceError();
    if (!error.isEmpty() || m_saysTraceError) showProblem(error);
    m_saysTraceError = !error.isEmpty();
}

void InputBar::showWriting() {
    m_write->setChecked(isWriting());
    showPredictions();
}

bool InputBar::isWriting() const {
    return m_pace.isActive() || m_writer->isWriting();
}

void InputBar::showVerdict(int right, int of) {
    if (of == 0) {
        m_verdict->setText({});
        m_verdictTail->setText(isWriting() || m_focus.answering() ? tr("writing\u2026")
                               : m_own && m_own->isText()         ? countWords()
                               : !m_focus.answer().empty()        ? tr("the right answer is not known")
                                                                  : QString());
        return;
    }
    if (m_own && m_own->isText()) {  // how a text goes on is no question with one right answer
        m_verdict->setRole(Role::text);
        m_verdict->setText(tr("%1 of %2").arg(right).arg(of));
        m_verdictTail->setText(tr("as in the text"));
        return;
    }
    m_verdict->setRole(verdictRole(right == of));
    m_verdict->setText(verdictText(right == of, tr("%1 of %2").arg(right).arg(of)));
    m_verdictTail->setText(isWriting() || m_focus.answering() ? tr("right so far") : tr("right"));
}

void InputBar::writeOut() {
    if (m_pace.isActive()) {
        stopWriting();
        return showPredictions();
    }
    if (m_writer->isWriting()) return m_writer->stop();
    if (!m_reveals) return m_writer->start();
    m_write->setChecked(!m_focus.answer().empty());
    if (!m_write->isChecked()) return;
    m_written = 0;
    m_pace.start();
    showNextWritten();
}

void InputBar::showNextWritten() {
    const std::vector<int>& said = m_focus.answer();
    const auto tokens = std::count_if(said.begin(), said.end(), [](int token) { return token >= 0; });
    if (++m_written >= tokens && !m_focus.answering()) stopWriting();
    showPredictions();
}

void InputBar::stopWriting() {
    m_pace.stop();
    m_write->setChecked(m_writer->isWriting());
}

QString InputBar::verdict() const {
    return m_verdict->text().mid(2) + (m_verdict->text().isEmpty() ? QString() : QStringLiteral(" ")) + m_verdictTail->text();
}

QString InputBar::problem() const {
    return m_problem->sentence();
}

void InputBar::showProblem(const QString& sentence) {
    m_problem->say(sentence, *m_line);
    for (ThemedLabel* label : {m_source, m_verdict, m_verdictTail}) label->setVisible(sentence.isEmpty());
}

/// Takes another input, or says why it cannot be.
template <class Change>
void InputBar::change(Change change) {
    if (!m_own || m_focus.input().tokens.empty()) return;
    try {
        m_focus.setInput(change());
        showProblem({});
    } catch (const InputError& error) {
        showProblem(sentenceOf(error));
    }
}

void InputBar::takeToken(int index, const QString& text) {
    change([&] { return m_own->withTyped(m_focus.input(), index, text); });
}

/// The new token is a copy of its neighbour, at once in hand to be changed.
void InputBar::insertToken(int index) {
    const std::size_t before = m_focus.input().tokens.size();
    if (!m_own || before == 0) return;
    change([&] { return m_own->withCopy(m_focus.input(), index); });
    if (m_focus.input().tokens.size() > before) m_strip->edit(index);
}

void InputBar::mask(int index) {
    if (!m_own || m_own->maskName().isEmpty()) return hide(index);
    if (index < 0 || index >= std::ssize(m_focus.input().tokens)) return;
    change([&] { return m_own->withMaskToken(m_focus.input(), index); });
    if (!m_own->isMaskToken(m_focus.input(), index) || isTaken(*m_likely)) return;
    showLikely(true);  // what the model fills in is what one wants to know
    m_likelyRow->choose(index);
}

void InputBar::toggleFrame() {
    change([this] { return m_own->withFrame(m_focus.input(), !m_own->isFramedText(m_focus.input())); });
    m_frame->setChecked(m_own && m_own->isFramedText(m_focus.input()));
}

void InputBar::hide(int index) {
    const Input before = m_focus.input();
    if (!m_own || index < 0 || static_cast<std::size_t>(index) >= before.tokens.size()) return;
    Comparison& comparison = m_focus.comparison();
    if (!comparison.active()) {
        comparison.keep(before, sourceName());
        m_keptByMask = true;
    }
    change([&] { return m_own->withMask(before, index, !before.isMasked(static_cast<std::size_t>(index))); });
    if (m_keptByMask && m_focus.input() == comparison.input()) comparison.drop();
}

void InputBar::toggleMask() {
    mask(m_strip->cursor());
}

void InputBar::toggleComparison() {
    Comparison& comparison = m_focus.comparison();
    if (comparison.active())
        comparison.drop();
    else if (m_own)
        comparison.keep(m_focus.input(), sourceName());
    m_compare->setChecked(comparison.active());
}

void InputBar::toggleLikely() {
    showLikely(m_likelyRow->isHidden() && m_own && !m_own->words().numbers());
}

void InputBar::showLikely(bool wanted) {
    m_likely->setChecked(wanted);
    if (wanted != m_likelyRow->isHidden()) return;
    m_likelyRow->setVisible(wanted);
    m_likelyRow->refresh();
    applyMeasures();
    showLikelyPosition();
}

void InputBar::showLikelyPosition() {
    const int position = m_likelyRow->isHidden() ? -1 : m_likelyRow->position();
    m_strip->setChosenPrediction(position);
    m_strip->follow(position);
}

void InputBar::showComparison() {
    const bool active = m_focus.comparison().active();
    if (!active) m_keptByMask = false;
    m_compare->setChecked(active);
    m_compareRow->setVisible(active);
    applyMeasures();
    showInput();
    m_compareRow->strip().scrollAlong(m_strip->offset());
}

/// What the button would do.
void InputBar::showCursor() {
    const auto i = static_cast<std::size_t>(m_strip->cursor());
    const bool hole = m_own && !m_own->maskName().isEmpty() && i < m_focus.input().tokens.size() &&
                      m_own->isMaskToken(m_focus.input(), static_cast<int>(i));
    m_mask->setText(hole || m_focus.input().isMasked(i) ? tr("Unmask token") : tr("Mask token"));
}

QString InputBar::sourceName() const {
    return m_own ? inputName(m_focus) : QString();
}

void InputBar::previousSample() {
    m_focus.showSample(m_focus.sampleIndex() - 1);
}
void InputBar::nextSample() {
    m_focus.showSample(m_focus.sampleIndex() + 1);
}

void InputBar::shuffle() {
    if (m_focus.sampleCount() > 0) m_focus.showSample(static_cast<int>(QRandomGenerator::global()->bounded(m_focus.sampleCount())));
}

/// The line to type into takes the place of the tokens.
void InputBar::typeInput() {
    if (!m_own) return;
    QString second;
    m_line->setText(m_own->typedLine(m_focus.input(), &second));
    m_second->setText(second);
    m_line->setPlaceholderText(tr("%1, e.g. %2").arg(m_own->rule(), m_own->example()));
    m_line->setToolTip(tr("Type or paste %1; Enter takes them, Escape leaves things as they were").arg(m_own->rule()));
    m_strip->hide();
    m_line->show();
    m_second->setVisible(m_own->readsPairs());
    applyMeasures();
    m_line->selectAll();
    m_line->setFocus();
}

void InputBar::takeLine() {
    if (!m_own) return;
    try {
        const Input input = m_own->inputTyped(m_line->text(), m_second->isHidden() ? QString() : m_second->text(), m_frame->isChecked());
        leaveLine();
        m_focus.setInput(input);
    } catch (const InputError& error) {
        showProblem(sentenceOf(error));
    }
}

void InputBar::leaveLine() {
    if (m_line->isHidden()) return;
    m_line->hide();
    m_second->hide();
    m_strip->show();
    showProblem({});
    m_strip->setFocus();
}

bool InputBar::eventFilter(QObject* watched, QEvent* event) {
    if ((watched == m_line || watched == m_second) && event->type() == QEvent::KeyPress &&
        static_cast<QKeyEvent*>(event)->key() == Qt::Key_Escape) {
        leaveLine();
        return true;
    }
    return QWidget::eventFilter(watched, event);
}

void InputBar::paintEvent(QPaintEvent*) {
    const Theme& theme = Theme::instance();
    QPainter painter(this);
    painter.fillRect(rect(), theme.color(Role::panel));
    drawHairline(painter, QPointF(0, 0), QPointF(width(), 0), theme.color(Role::hairline));
}

}  // namespace lab
