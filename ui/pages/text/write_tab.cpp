#include "ui/pages/text/write_tab.h"

#include <QHBoxLayout>
#include <QJsonArray>
#include <QKeyEvent>
#include <QShortcut>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <utility>

#include "core/config/experiment.h"
#include "core/data/dataset.h"
#include "core/runs/budget.h"
#include "ui/pages/text/candidate_table.h"
#include "ui/pages/text/sampling_form.h"
#include "ui/pages/text/surprise_strip.h"
#include "ui/pages/text/write_notes.h"
#include "ui/pages/text/written_look.h"
#include "ui/pages/text/written_view.h"
#include "ui/scenes/guess_lines.h"
#include "ui/scenes/sample_list.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/current_stack.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/spin_text.h"
#include "ui/widgets/themed_label.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int partGap = 8;
constexpr int hueScaleLeft = 14, hueScaleWidth = 180;
constexpr int entropyMargin = 10, entropyAbove = 3;
constexpr int tokensAtOnce = 200;
constexpr int mostTokens = 4000;
constexpr std::size_t mostDrafts = 100;
constexpr std::size_t mostSamples = 8;
constexpr int typingRests = 700;  // ms
constexpr std::size_t looksNamed = 4;

}  // namespace

WriteTab::WriteTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    auto* layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    m_stack = new CurrentStack(this);
    m_absence = named("text.write.none",
                      new EmptyState(tr("Here this model does not write"),
                                     tr("This tab is for models that are a decoder alone: they go on with the words they are given."),
                                     tr("Choose the architecture")));
    m_page = new QWidget;
    auto* columns = new QHBoxLayout(m_page);
    columns->setContentsMargins(0, 0, 0, 0);
    m_controls = makeControls();
    columns->addWidget(makeLeft(), 61);
    columns->addWidget(makeRight(), 39);
    m_gaps.push_back(columns);
    m_stack->addWidget(m_absence);
    m_stack->addWidget(m_page);
    layout->addWidget(m_stack);
    m_typed.setSingleShot(true);
    m_typed.setInterval(typingRests);
    connectParts();
    followTheme(this, &WriteTab::applyMeasures);
    showAll();
}

WriteTab::~WriteTab() = default;

QWidget* WriteTab::makeControls() {
    auto* controls = new QWidget(this);
    auto* row = new QHBoxLayout(controls);
    row->setContentsMargins(0, 0, 0, 0);
    m_on = named("text.write.on", new Button(tr("Write on")));
    m_on->setGlyph(Glyph::play);
    m_on->setWidthFor({tr("Write on"), tr("Stop")});
    m_on->setKeycap(tr("Ctrl \u21B5"));
    m_on->setToolTip(tr("%1 tokens more; Escape stops").arg(tokensAtOnce));
    auto* one = named("text.write.one", new Button(tr("One token")));
    one->setToolTip(tr("Right at the end of the text writes one, too"));
    auto* clear = named("text.write.clear", new Button(tr("Clear")));
    clear->setToolTip(
        tr("Back to the prompt; %1 brings the text back").arg(QKeySequence(QKeySequence::Undo).toString(QKeySequence::NativeText)));
    for (Button* each : {m_on, one, clear}) row->addWidget(each);
    connect(m_on, &QPushButton::clicked, this, &WriteTab::writeOn);
    connect(one, &QPushButton::clicked, this, &WriteTab::writeOneToken);
    connect(clear, &QPushButton::clicked, this, &WriteTab::clear);
    m_gaps.push_back(row);
    return controls;
}

QWidget* WriteTab::makeLeft() {
    auto* left = new QWidget;
    auto* column = new QVBoxLayout(left);
    column->setContentsMargins(0, 0, 0, 0);
    m_textPanel = new PanelFrame(tr("Written text"));
    auto* text = new QWidget;
    auto* textColumn = new QVBoxLayout(text);
    textColumn->setContentsMargins(0, 0, 0, 0);
    m_view = named("text.write.text", new WrittenView);
    auto* scale = m_scale = new ColorScaleBar;
    scale->setScaling({ColorMap::Kind::trace, 0, mostSurpriseShown});
    scale->setQuantity(tr("surprise, bits"));
    textColumn->addWidget(m_view, 1);
    textColumn->addWidget(makeBranch());
    textColumn->addWidget(scale);
    m_textPanel->setContent(text);
    m_textPanel->setSubtitle(tr("shade: surprise of each token \u00B7 bar below: what the head looked at"));
    m_stripPanel = new PanelFrame(tr("Surprise along the text"));
    m_stripPanel->setSubtitle(tr("\u2212log\u2082 p of the token written"));
    m_strip = named("text.write.surprise", new SurpriseStrip);
    m_stripPanel->setContent(m_strip);
    m_samplesPanel = new PanelFrame(tr("While training"));
    m_samples = named("text.write.samples", new SampleList);
    m_sampleLength = named("text.write.sample_tokens", new QSpinBox);
    m_sampleLength->setRange(1, 500);
    m_sampleLength->setValue(24);
    setAround(*m_sampleLength, tr("%1 tokens"));
    m_sampleLength->setAccessibleName(tr("Length of the texts while training"));
    m_samplesPanel->addControl(m_sampleLength);
    m_samplesPanel->setContent(m_samples);
    column->addWidget(m_textPanel, 5);
    column->addWidget(m_stripPanel);
    column->addWidget(m_samplesPanel, 2);
    m_gaps.push_back(column);
    return left;
}

QWidget* WriteTab::makeBranch() {
    m_branch = new QWidget;
    auto* row = m_branchRow = new QHBoxLayout(m_branch);
    m_branchText = new ElidedLabel({}, TextSize::text, Role::muted);
    auto* back = named("text.write.back", new Button(tr("Bring back")));
    back->setHeight(20);
    back->setKeycap(QKeySequence(QKeySequence::Undo).toString(QKeySequence::NativeText));
    back->setToolTip(tr("The text before the last choice or change; those before it are kept, too"));
    row->addWidget(m_branchText, 1);
    row->addWidget(back);
    connect(back, &QPushButton::clicked, this, &WriteTab::goBack);
    m_gaps.push_back(row);
    return m_branch;
}

QWidget* WriteTab::makeRight() {
    auto* right = new QWidget;
    auto* column = new QVBoxLayout(right);
    column->setContentsMargins(0, 0, 0, 0);
    m_tokenPanel = new PanelFrame(tr("No token is chosen"));
    auto* token = new QWidget;
    auto* tokenColumn = new QVBoxLayout(token);
    tokenColumn->setContentsMargins(0, 0, 0, 0);
    tokenColumn->setSpacing(0);
    m_entropy = new ElidedLabel({}, TextSize::text);
    m_candidates = named("text.write.candidates", new CandidateTable);
    m_look = new WrittenLook;
    tokenColumn->addWidget(m_entropy);
    tokenColumn->addWidget(m_candidates, 1);
    tokenColumn->addWidget(m_look);
    m_tokenPanel->setContent(token);
    m_samplingPanel = new PanelFrame(tr("Sampling"));
    auto* sampling = new QWidget;
    auto* samplingColumn = new QVBoxLayout(sampling);
    samplingColumn->setContentsMargins(0, 0, 0, 0);
    m_sampling = new SamplingForm;
    m_problem = new ThemedLabel({}, TextSize::text, Role::wrong);
    m_problem->setIndent(10);
    m_problem->setWordWrap(true);
    m_status = new ElidedLabel({}, TextSize::text);
    samplingColumn->addWidget(m_sampling);
    samplingColumn->addWidget(m_problem);
    samplingColumn->addWidget(m_status);
    m_samplingPanel->addControl(m_sampling->head());
    m_samplingPanel->setContent(sampling);
    column->addWidget(m_tokenPanel, 1);
    column->addWidget(m_samplingPanel);
    m_gaps.push_back(column);
    return right;
}

void WriteTab::connectParts() {
    connect(m_absence, &EmptyState::activated, this, [this] { emit settingWanted(QStringLiteral("model.architecture")); });
    connect(&m_desk, &WritingDesk::changed, this, [this] {
        showAll();
        askLook();
        askAll();
    });
    connect(&m_log, &SampleLog::changed, this, &WriteTab::showSamples);
    connect(m_view, &WrittenView::edited, this, &WriteTab::takeEdit);
    connect(m_view, &WrittenView::pieceChosen, this, [this](int piece) { choose(positionOf(piece)); });
    connect(m_view, &WrittenView::writeOnWanted, this, &WriteTab::writeOn);
    connect(m_view, &WrittenView::oneTokenWanted, this, &WriteTab::writeOneToken);
    connect(m_view, &WrittenView::backWanted, this, &WriteTab::goBack);
    connect(m_strip, &SurpriseStrip::tokenChosen, this, &WriteTab::choose);
    connect(m_candidates, &CandidateTable::candidatePicked, this, [this](int token) { pick(m_chosen, token); });
    connect(m_candidates, &CandidateTable::allWanted, this, &WriteTab::wantAll);
    connect(m_samples, &SampleList::stepChosen, this, [this](qint64 step) { focus().showStep(step); });
    connect(m_sampleLength, &QSpinBox::valueChanged, this, &WriteTab::askSamples);
    connect(m_look, &WrittenLook::changed, this, &WriteTab::askLook);
    connect(m_sampling, &SamplingForm::changed, this, [this] {
        m_given = writtenTokens();  // what stands there stays; its cuts are shown anew
        ask();
        askSamples();
    });
    connect(&m_typed, &QTimer::timeout, this, [this] {
        m_count = std::exchange(m_again, 0);
        ask();
        askSamples();
    });
    auto* on = new QShortcut(QKeySequence(Qt::CTRL | Qt::Key_Return), this);
    connect(on, &QShortcut::activated, this, &WriteTab::writeOn);
}

void WriteTab::applyMeasures() {
    const Theme& theme = Theme::instance();
    for (QLayout* each : m_gaps) each->setSpacing(theme.px(partGap));
    m_branchRow->setContentsMargins(theme.px(hueScaleLeft), 0, theme.px(partGap), 0);
    m_status->setContentsMargins(theme.px(entropyMargin), 0, theme.px(entropyMargin), theme.px(entropyAbove));
    m_entropy->setContentsMargins(theme.px(entropyMargin), theme.px(entropyAbove), theme.px(entropyMargin), 0);
    m_scale->setSpan(theme.px(hueScaleLeft), theme.px(hueScaleWidth));
}

bool WriteTab::writes() const {
    const Run* run = focus().run();
    return run && run->experiment().model.architecture == Architecture::decoder && !run->experiment().model.readsVectors() &&
           focus().checkpoint();
}

TabHeading WriteTab::heading() const {
    if (!focus().run()) return {tr("No run")};
    const QString step = tr("step %1").arg(grouped(focus().shownStep()));
    const QString counting = countingAt(*focus().run(), focus().shownStep());
    return {focus().run()->name(), counting.isEmpty() ? step : step + QStringLiteral(" \u00B7 ") + counting};
}

bool WriteTab::ready() const {
    return !(focus().run() && focus().run()->isCounting()) && !m_desk.busy() && m_log.ready() && !m_lookAsked && m_listed &&
           !m_typed.isActive();
}

WritingQuestion WriteTab::question() const {
    WritingQuestion question = questionOf(*focus().run(), focus().checkpoint(), m_prompt);
    question.options.count = m_count;
    question.options.sampling = m_sampling->sampling();
    question.options.given = m_given;
    return question;
}

std::vector<int> WriteTab::writtenTokens() const {
    if (m_typed.isActive()) return {};
    std::vector<int> tokens = m_given;
    for (std::size_t i = tokens.size(); i < m_desk.fresh(); ++i) tokens.push_back(m_desk.written()[i].token);
    return tokens;
}

/// Whether tokens are being written, not but judged anew.
bool WriteTab::writesNew() const {
    return m_desk.busy() && m_count > std::ssize(m_given);
}

void WriteTab::meetRun() {
    if (m_run == focus().run()) return;
    m_run = focus().run();
    disconnect(m_countedConnection);
    if (m_run) m_countedConnection = connect(m_run, &Run::counted, this, &WriteTab::changed);
    m_given.clear();
    m_drafts.clear();
    m_fixed = 0;
    m_chosen = -1;
    if (!m_ownPrompt) {
        m_prompt = m_run ? promptOf(*m_run) : QString();
        m_count = 0;
    }
    m_desk.forget();
    m_look->setModel(m_run ? m_run->model() : nullptr);
}

/// Another moment writes its own text behind the same prompt and choices. One that trains is asked now and then only.
void WriteTab::refresh() {
    m_stack->setCurrentIndex(writes() ? 1 : 0);
    m_controls->setEnabled(writes());
    if (!writes()) return;
    meetRun();
    const bool training = focus().run()->state() == RunState::training && focus().live();
    m_log.setThrifty(training);
    const auto pause = std::max<std::int64_t>(
        budget::reading.count(), budget::between(m_count / std::max(1.0, m_desk.tokensPerSecond()), budget::answeringShare).count());
    if (training && (m_desk.busy() || (m_asked.isValid() && m_asked.elapsed() < pause))) return;
    if (!m_desk.busy()) m_given.resize(std::min(m_given.size(), m_fixed));
    ask();
    askSamples();
}

void WriteTab::ask() {
    if (!writes()) return;
    m_asked.start();
    m_desk.ask(question());
    showAll();
}

void WriteTab::askSamples() {
    if (!writes()) return;
    WritingQuestion asked = question();
    asked.options.count = m_sampleLength->value();
    asked.options.given.clear();
    m_log.ask(asked, momentsOf(*focus().run(), mostSamples));
    showSamples();
}

void WriteTab::keepDraft(std::size_t place) {
    QString left;
    for (std::size_t i = place; i < m_desk.written().size(); ++i) left += QString::fromStdString(m_desk.written()[i].text);
    m_drafts.push_back({m_prompt, writtenTokens(), std::max(m_count, m_again), left.simplified()});
    if (m_drafts.size() > mostDrafts) m_drafts.erase(m_drafts.begin());
}

void WriteTab::setPrompt(const QString& prompt) {
    keepDraft();
    m_prompt = prompt;
    m_ownPrompt = true;
    m_given.clear();
    m_fixed = 0;
    m_count = 0;
    m_chosen = -1;
    ask();
    askSamples();
}

void WriteTab::writeOn() {
    if (writesNew()) {
        m_desk.stop();
        m_count = static_cast<int>(m_desk.written().size());
        return;
    }
    m_given = writtenTokens();
    m_typed.stop();
    m_count = std::min(mostTokens, static_cast<int>(m_given.size()) + tokensAtOnce);
    ask();
}

void WriteTab::writeOneToken() {
    if (writesNew()) return;
    m_given = writtenTokens();
    m_typed.stop();
    m_count = std::min(mostTokens, static_cast<int>(m_given.size()) + 1);
    ask();
}

void WriteTab::clear() {
    keepDraft();
    m_typed.stop();
    m_given.clear();
    m_fixed = 0;
    m_count = 0;
    m_chosen = -1;
    ask();
}

void WriteTab::goBack() {
    if (m_drafts.empty()) return;
    const Draft draft = std::move(m_drafts.back());
    m_drafts.pop_back();
    m_typed.stop();
    m_prompt = draft.prompt;
    m_given = draft.given;
    m_fixed = m_given.size();
    m_count = draft.count;
    m_chosen = -1;
    ask();
    askSamples();
}

/// Ctrl+Z is this tab's wherever its keyboard is, as long as there is something to go back to.
bool WriteTab::event(QEvent* event) {
    const bool mine =
        event->type() == QEvent::ShortcutOverride && !m_drafts.empty() && static_cast<QKeyEvent*>(event)->matches(QKeySequence::Undo);
    if (!mine) return PageTab::event(event);
    event->accept();
    return true;
}

void WriteTab::keyPressEvent(QKeyEvent* event) {
    if (event->matches(QKeySequence::Undo) && !m_drafts.empty()) return goBack();
    PageTab::keyPressEvent(event);
}

void WriteTab::pick(int position, int token) {
    const int place = position - static_cast<int>(m_desk.prompt().size());
    std::vector<int> tokens = writtenTokens();
    if (place < 0 || place >= std::ssize(tokens)) return;
    keepDraft(static_cast<std::size_t>(place));
    m_given.assign(tokens.begin(), tokens.begin() + place);
    m_given.push_back(token);
    m_fixed = m_given.size();
    m_count = std::max<int>(m_count, place + 1);
    ask();
}

void WriteTab::choose(int position) {
    const int first = static_cast<int>(m_desk.prompt().size());
    m_chosen = position >= first && position < first + std::ssize(m_desk.written()) ? position : -1;
    m_looks.clear();
    showAll();
    askLook();
    askAll();
}

bool WriteTab::escape() {
    if (writesNew()) {
        writeOn();
        return true;
    }
    if (m_chosen < 0) return false;
    choose(-1);
    return true;
}

/// The text before a change stays, and with the change it is the prompt; what was written behind it is written anew once nobody types.
void WriteTab::takeEdit(const QString& text, int from, int removed, int end) {
    if (!m_typed.isActive()) {
        keepDraft();
        m_again = m_count;
    }
    const int old = static_cast<int>(m_prompt.size());
    const int kept = from < old ? old + (end - from) - std::min(removed, old - from) : old;
    m_prompt = text.left(std::max(kept, end));
    m_ownPrompt = true;
    m_given.clear();
    m_fixed = 0;
    m_count = 0;
    m_chosen = -1;
    m_typed.start();
}

bool WriteTab::promptInPieces() const {
    QString whole;
    for (const std::string& text : m_desk.promptTexts()) whole += QString::fromStdString(text);
    return whole == m_prompt;
}

std::vector<WrittenPiece> WriteTab::pieces() const {
    std::vector<WrittenPiece> pieces;
    const bool apart = promptInPieces();
    if (apart)
        for (const std::string& text : m_desk.promptTexts()) pieces.push_back({QString::fromStdString(text)});
    else
        pieces.push_back({m_prompt});
    for (const WrittenToken& token : m_desk.written()) pieces.push_back({QString::fromStdString(token.text), token.surprise});
    if (m_chosen < 0) return pieces;
    for (const LookedAt& look : m_looks)
        if (const int piece = pieceOf(look.position); piece >= 0 && piece < std::ssize(pieces))
            pieces[static_cast<std::size_t>(piece)].weight = look.weight;
    return pieces;
}

int WriteTab::pieceOf(int position) const {
    const int prompt = static_cast<int>(m_desk.prompt().size());
    if (promptInPieces()) return position;
    return position < prompt ? -1 : position - prompt + 1;
}

int WriteTab::positionOf(int piece) const {
    if (piece < 0 || promptInPieces()) return piece;
    return piece == 0 ? -1 : piece - 1 + static_cast<int>(m_desk.prompt().size());
}

QString WriteTab::wordOf(int position) const {
    const auto& prompt = m_desk.prompt();
    const auto i = static_cast<std::size_t>(position);
    const int token = i < prompt.size() ? prompt[i] : m_desk.written()[i - prompt.size()].token;
    return QString::fromStdString(focus().run()->dataset()->tokenizer().shown(token));
}

void WriteTab::showAll() {
    if (m_chosen >= static_cast<int>(m_desk.prompt().size() + m_desk.written().size())) m_chosen = -1;
    m_on->setText(writesNew() ? tr("Stop") : tr("Write on"));
    m_on->setGlyph(writesNew() ? Glyph::pause : Glyph::play);
    showText();
    showToken();
    showBranch();
    showStatus();
    emit changed();
}

void WriteTab::showText() {
    if (!m_typed.isActive()) m_view->setPieces(pieces(), m_chosen < 0 ? -1 : pieceOf(m_chosen));
    std::vector<double> bits;
    for (const WrittenToken& token : m_desk.written()) bits.push_back(token.surprise);
    m_strip->setBits(static_cast<int>(m_desk.prompt().size()), std::move(bits), m_chosen);
    m_stripPanel->setNote(m_desk.written().empty() ? QString()
                                                   : tr("of its own text: perplexity %1").arg(fixed(std::exp2(m_strip->mean()), 2)));
}

const WrittenToken* WriteTab::chosenToken() const {
    if (m_chosen < 0) return nullptr;
    const WrittenToken& token = m_desk.written()[static_cast<std::size_t>(m_chosen) - m_desk.prompt().size()];
    return knowsAll() && m_allKnown->token == token.token ? &*m_allKnown : &token;
}

void WriteTab::showBranch() {
    m_branch->setVisible(!branch().isEmpty());
    m_branchText->setText(tr("instead of: %1").arg(branch()));
}

void WriteTab::showToken() {
    const WrittenToken* token = chosenToken();
    const int classes = writes() ? focus().run()->model()->config().num_classes.value() : 0;
    m_candidates->setToken(token, writes() ? tokenizerOf(*focus().run()) : nullptr, classes);
    m_tokenPanel->setTinted(token != nullptr);
    m_entropy->setVisible(token != nullptr);
    if (!token) {
        m_tokenPanel->setTitle(tr("No token is chosen"));
        m_tokenPanel->setSubtitle(tr("click one in the text"));
        m_look->setWords({});
        m_sampling->setNotes({});
        return;
    }
    int rank = 1;
    for (const Candidate& each : token->candidates)
        if (each.before > std::exp2(-token->surprise) + 1e-15) ++rank;
    m_tokenPanel->setTitle(tr("Token %1").arg(token->position));
    // Behind the likeliest stands the token itself, wherever it is in the whole order.
    const bool known = rank < static_cast<int>(token->candidates.size()) || rank == classes;
    const QString order = known ? tr("rank %1 of %2") : tr("rank %1 or behind, of %2");
    m_tokenPanel->setSubtitle(
        tr("%1 \u00B7 %2 \u00B7 surprise %3 bits")
            .arg(wordOf(token->position).trimmed(), order.arg(grouped(rank), grouped(classes)), fixed(token->surprise, 2)));
    m_entropy->setText(tr("entropy %1 bits, %2 behind penalties, temperature and cuts")
                           .arg(fixed(token->entropyBefore, 2), fixed(token->entropyAfter, 2)));
    std::map<const SamplingRule*, QString> notes;
    int left = classes;
    for (const CutShare& cut : token->cuts) {
        notes[cut.rule] = tr("keeps %1 of %2 here").arg(grouped(left - cut.tokens), grouped(left));
        left -= cut.tokens;
    }
    m_sampling->setNotes(notes);
}

void WriteTab::showSamples() {
    if (!writes()) return;
    std::vector<double> losses;
    for (const SampleOfStep& sample : m_log.samples()) losses.push_back(validationLossAt(*focus().run(), sample.checkpoint->step));
    m_samplesPanel->setSubtitle(tr("the same prompt, the same seed"));
    m_samples->setSamples(m_log.samples(), std::move(losses), m_prompt.right(24), focus().shownStep());
}

void WriteTab::showStatus() {
    m_problem->setText(m_desk.problem());
    m_problem->setVisible(!m_desk.problem().isEmpty());
    m_status->setVisible(m_desk.problem().isEmpty());
    QString words = tr("%1 tokens written").arg(grouped(std::ssize(m_desk.written())));
    if (m_desk.tokensPerSecond() > 0 && !m_desk.written().empty())
        words = tr("%1 tokens written, %2 a second \u00B7 KV cache %3 KiB \u00B7 window %4")
                    .arg(grouped(std::ssize(m_desk.written())), grouped(static_cast<std::int64_t>(m_desk.tokensPerSecond())),
                         grouped(static_cast<std::int64_t>(m_desk.cacheBytes() / 1024)), grouped(m_desk.window()));
    m_status->setText(words);
}

void WriteTab::askLook() {
    if (!writes() || m_chosen < 1 || m_look->block() < 0 || m_desk.busy()) return;
    const int place = m_chosen - static_cast<int>(m_desk.prompt().size());
    const int first = m_desk.written()[static_cast<std::size_t>(place)].firstRead;
    std::vector<int> tokens = m_desk.prompt();
    for (int i = 0; i < place; ++i) tokens.push_back(m_desk.written()[static_cast<std::size_t>(i)].token);
    tokens.erase(tokens.begin(), tokens.begin() + first);
    m_lookAsked = true;
    m_looking.request(
        [this, model = focus().run()->model(), checkpoint = focus().checkpoint(), tokens = std::move(tokens), first,
         block = static_cast<std::size_t>(m_look->block()), head = m_look->head(), chosen = m_chosen]() -> LatestTask::Found {
            std::vector<LookedAt> looks;
            if (static_cast<int>(tokens.size()) <= maxTraceLength) looks = lookOf(*model, checkpoint->weights, tokens, first, block, head);
            return [this, looks = std::move(looks), chosen] {
                m_lookAsked = false;
                if (chosen != m_chosen) return;
                m_looks = looks;
                std::vector<LookedAt> most = looks;
                std::ranges::sort(most, std::greater{}, &LookedAt::weight);
                most.resize(std::min(most.size(), looksNamed));
                QStringList words;
                for (const LookedAt& look : most)
                    words << tr("%1 at %2: %3").arg(wordOf(look.position).trimmed()).arg(look.position).arg(fixed(look.weight, 2));
                double sum = 0;
                for (const LookedAt& look : looks) sum += look.weight;
                if (!looks.empty())
                    words << counted(LAB_PLURAL("writing", "all of %1 key(s): %2"), std::ssize(looks),
                                     {grouped(std::ssize(looks)), fixed(sum, 2)});
                m_look->setWords(words.join(QStringLiteral(" \u00B7 ")), m_chosen - 1);
                showText();
            };
        },
        [this](const QString&) { m_lookAsked = false; });
}

void WriteTab::wantAll(bool all) {
    m_allWanted = all;
    showToken();
    askAll();
}

bool WriteTab::knowsAll() const {
    return m_allWanted && m_allKnown && m_allKnown->position == m_chosen;
}

/// The chosen token once more, behind the tokens before it, with every other one.
void WriteTab::askAll() {
    if (!writes() || !m_allWanted || m_chosen < 0 || m_desk.busy()) return;
    AllQuestion asked{question(), m_desk.prompt()};
    const std::size_t place = static_cast<std::size_t>(m_chosen) - m_desk.prompt().size();
    for (std::size_t i = 0; i < place; ++i) asked.before.push_back(m_desk.written()[i].token);
    WritingOptions& options = asked.question.options;
    options.count = 1;
    options.given = {m_desk.written()[place].token};
    options.candidates = static_cast<std::size_t>(asked.question.model->config().num_classes.value());
    if (m_allAsked == asked) return;
    m_allAsked = asked;
    m_listed = false;
    const auto list = [this, asked = std::move(asked)]() -> LatestTask::Found {
        const WritingQuestion& of = asked.question;
        TextWriter writer(of.model, of.checkpoint->weights, of.tokenizer, asked.before, of.options);
        return [this, token = writer.next()] {
            m_listed = true;
            m_allKnown = token;
            showToken();
        };
    };
    m_listing.request(list, [this](const QString&) { m_listed = true; });
}

std::vector<FigureOffer> WriteTab::figures() {
    if (!writes()) return {};
    return writingFigures({pieces(), static_cast<int>(m_desk.prompt().size()), m_strip->bits(), m_chosen, m_candidates, m_samples},
                          {focus().run()->name(), focus().shownStep()});
}

QJsonObject WriteTab::notes() const {
    if (!m_ownPrompt && m_count == 0) return {};
    QJsonArray given;
    for (std::size_t i = 0; i < std::min(m_fixed, m_given.size()); ++i) given.append(m_given[i]);
    return {{QStringLiteral("prompt"), m_prompt},
            {QStringLiteral("given"), given},
            {QStringLiteral("count"), std::max(m_count, m_again)},
            {QStringLiteral("sampling"), samplingNotes(m_sampling->sampling())},
            {QStringLiteral("sample_tokens"), m_sampleLength->value()},
            {QStringLiteral("layer"), m_look->block()},
            {QStringLiteral("head"), m_look->head()}};
}

void WriteTab::takeNotes(const QJsonObject& notes) {
    if (notes.isEmpty()) return;
    meetRun();
    m_prompt = notes[QStringLiteral("prompt")].toString();
    m_ownPrompt = true;
    m_given.clear();
    for (const QJsonValue& token : notes[QStringLiteral("given")].toArray()) m_given.push_back(token.toInt());
    m_fixed = m_given.size();
    m_count = std::clamp(notes[QStringLiteral("count")].toInt(), 0, mostTokens);
    m_sampling->setSampling(samplingOf(notes[QStringLiteral("sampling")].toObject()));
    m_sampleLength->setValue(notes[QStringLiteral("sample_tokens")].toInt(m_sampleLength->value()));
    m_look->choose(notes[QStringLiteral("layer")].toInt(), notes[QStringLiteral("head")].toInt());
    emit refreshWanted();
}

PageTab* makeWriteTab(Focus& focus, QWidget* parent) {
    return new WriteTab(focus, parent);
}

}  // namespace lab
