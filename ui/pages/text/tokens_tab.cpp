#include "ui/pages/text/tokens_tab.h"

#include <QFileDialog>
#include <QFileInfo>
#include <QHBoxLayout>
#include <QLineEdit>
#include <QScrollArea>
#include <QSpinBox>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

#include "core/base/errors.h"
#include "core/base/files.h"
#include "core/base/utf8.h"
#include "core/data/text_dataset.h"
#include "core/data/tokenizers/piece_tokenizer.h"
#include "core/data/tokenizers/pipeline/bpe.h"
#include "core/data/tokenizers/pipeline/merge_tree.h"
#include "core/learn/questions.h"
#include "ui/pages/text/merge_strip.h"
#include "ui/pages/text/merge_table.h"
#include "ui/pages/text/merge_tree_view.h"
#include "ui/pages/text/token_picture.h"
#include "ui/pages/text/tokenizer_dialog.h"
#include "ui/pages/text/tokenizer_panel.h"
#include "ui/runs/token_text.h"
#include "ui/scenes/parts_figure.h"
#include "ui/text/message_text.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/caption.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/panel.h"
#include "ui/widgets/plot/plot.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

constexpr std::size_t passageBytes = 160;
constexpr int mostCurvePoints = 400;
constexpr int linearVocabulary = 4096;  ///< of a larger one the axis is logarithmic
const QString noteKeys[] = {QStringLiteral("a"), QStringLiteral("b")};

bool isBlank(char byte) {
    return byte == ' ' || byte == '\n' || byte == '\t' || byte == '\r';
}

/// From a byte on, some words of it on one line; ends before a blank.
std::string passageFrom(const std::string& text, std::size_t from) {
    std::size_t end = std::min(from + passageBytes, text.size());
    while (end < text.size() && !isBlank(text[end])) ++end;
    std::string passage = text.substr(from, end - from);
    std::ranges::replace_if(passage, isBlank, ' ');
    return passage;
}

/// Characters beside byte-pair encoding.
TokenizerSource usualSource(int side) {
    return {side == 0 ? TokenizerSource::Kind::characters : TokenizerSource::Kind::bpe, TokenizerSource().pieces, {}};
}

bool hasMerges(const Tokenizer& tokenizer) {
    const auto* pieces = dynamic_cast<const PieceTokenizer*>(&tokenizer);
    const auto* bpe = pieces ? dynamic_cast<const Bpe*>(&pieces->pipeline().model()) : nullptr;
    return bpe && !bpe->merges().empty();
}

QString firstText() {
    return TokensTab::tr("Zoë asked what attention mixes. \"The values of earlier tokens,\" said the clever fox.");
}

/// English that the program has at hand: what is answered to questions.
std::shared_ptr<const std::string> answersOfAsk() {
    auto text = std::make_shared<std::string>();
    for (const LearnerQuestion& question : learnerQuestions()) *text += question.ask + " " + question.answer + "\n\n";
    return text;
}

const Bpe* bpeOf(const StudiedPtr& known) {
    return known ? dynamic_cast<const Bpe*>(&known->pipeline->model()) : nullptr;
}

int mergesOf(const StudiedPtr& known) {
    const Bpe* bpe = bpeOf(known);
    return bpe ? static_cast<int>(bpe->merges().size()) : 0;
}

}  // namespace

TokensTab::TokensTab(Focus& focus, QWidget* parent) : PageTab(focus, parent) {
    auto* column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    m_controls = makeControls();
    column->addLayout(makeTextRow());
    column->addLayout(makePanels(), 21);
    m_strip = new MergeStrip;
    column->addWidget(m_strip);
    column->addLayout(makeLower(), 29);
    connectParts();
    followTheme(this, &TokensTab::applyMeasures);
    for (int side = 0; side < TokenBench::sides; ++side) panel(side).setSource(usualSource(side), false);
    showLower();
}

TokensTab::~TokensTab() = default;

QWidget* TokensTab::makeControls() {
    auto* controls = new QWidget(this);
    auto* row = new QHBoxLayout(controls);
    row->setContentsMargins(0, 0, 0, 0);
    m_colour = named("text.tokens.colour", new SegmentedControl({tr("bits"), tr("by token"), tr("off")}, tr("Colour")));
    auto* open = named("text.tokens.open", new Button(tr("Open a text…")));
    open->setToolTip(tr("A text in UTF-8 in which tokens are counted and pieces learned"));
    auto* train = named("text.tokens.train", new Button(tr("Train tokenizer…")));
    row->addWidget(new Caption(tr("Colour"), m_colour));
    row->addWidget(m_colour);
    row->addWidget(open);
    row->addWidget(train);
    connect(open, &QPushButton::clicked, this, &TokensTab::openText);
    connect(train, &QPushButton::clicked, this, &TokensTab::train);
    connect(m_colour, &SegmentedControl::chosen, this, [this](int choice) {
        for (TokenizerPanel* each : m_panels) each->setColouring(static_cast<TokenChips::Colouring>(choice));
        emit changed();
    });
    m_rows.push_back(row);
    return controls;
}

QHBoxLayout* TokensTab::makeTextRow() {
    auto* row = new QHBoxLayout;
    m_text = named("text.tokens.text", new QLineEdit(firstText()));
    m_text->setAccessibleName(tr("The text that is cut into tokens"));
    m_text->setToolTip(tr("The text that is cut into tokens"));
    m_fromCorpus = named("text.tokens.from_corpus", new Button(tr("From corpus")));
    m_fromCorpus->setToolTip(tr("The next passage of the corpus"));
    m_fromInput = named("text.tokens.from_input", new Button(tr("From input")));
    m_fromInput->setToolTip(tr("What the input bar shows"));
    row->addWidget(m_text, 1);
    row->addWidget(m_fromCorpus);
    row->addWidget(m_fromInput);
    m_rows.push_back(row);
    return row;
}

QHBoxLayout* TokensTab::makePanels() {
    auto* row = new QHBoxLayout;
    m_panels = {new TokenizerPanel(QStringLiteral("a")), new TokenizerPanel(QStringLiteral("b"))};
    for (TokenizerPanel* each : m_panels) row->addWidget(each, 1);
    m_rows.push_back(row);
    return row;
}

QHBoxLayout* TokensTab::makeLower() {
    auto* row = new QHBoxLayout;
    m_treePanel = new PanelFrame(tr("How a word is built"));
    m_tree = new MergeTreeView;
    auto* area = new QScrollArea;
    area->setWidgetResizable(true);
    area->setFrameShape(QFrame::NoFrame);
    area->setFocusPolicy(Qt::NoFocus);
    area->setWidget(m_tree);
    m_tree->setAutoFillBackground(false);
    area->viewport()->setAutoFillBackground(false);
    m_treePanel->setContent(area);
    m_curvePanel = new PanelFrame(tr("What merging buys"));
    m_curve = named("text.tokens.curve", new Plot(tr("Characters per token")));
    m_curve->setXTitle(tr("vocabulary size"));
    m_curve->setReading([](double value) { return fixed(value, 3); });
    m_curvePanel->addControl(m_curve->legend());
    m_curve->legend()->show();
    m_curvePanel->setContent(m_curve);
    m_tablePanel = new PanelFrame(tr("Merges"));
    m_table = named("text.tokens.merge_list", new MergeTable);
    m_tablePanel->setContent(m_table);
    row->addWidget(m_treePanel, 10);
    row->addWidget(m_curvePanel, 7);
    row->addWidget(m_tablePanel, 7);
    m_rows.push_back(row);
    return row;
}

void TokensTab::connectParts() {
    connect(m_text, &QLineEdit::textChanged, this, &TokensTab::takeText);
    connect(m_fromCorpus, &QPushButton::clicked, this, &TokensTab::nextPassage);
    connect(m_fromInput, &QPushButton::clicked, this, &TokensTab::typeInput);
    connect(&m_bench, &TokenBench::changed, this, &TokensTab::takeTokenizer);
    for (int side = 0; side < TokenBench::sides; ++side) {
        connect(&panel(side), &TokenizerPanel::sourceChosen, this,
                [this, side](const TokenizerSource& source, bool own) { takeWish(side, source, own); });
        connect(&panel(side), &TokenizerPanel::tokenChosen, this, [this, side](int index) {
            chooseActive(side);
            chooseWord(index);
        });
    }
    connect(m_strip, &MergeStrip::moved, this, &TokensTab::showMerges);
    connect(m_table, &MergeTable::mergesChosen, this, &TokensTab::showMerges);
    connect(m_curve, &Plot::handMoved, this, [this](double vocabulary) {
        if (m_shown) showMerges(static_cast<int>(std::lround(vocabulary)) - (m_shown->pipeline->size() - lastMerge()));
    });
}

void TokensTab::applyMeasures() {
    const Theme& theme = Theme::instance();
    layout()->setSpacing(theme.px(panelGap));
    for (QHBoxLayout* row : m_rows) row->setSpacing(theme.px(panelGap));
    m_text->setFixedHeight(theme.px(26));
    m_text->setFont(theme.font(TextSize::text));
}

TabHeading TokensTab::heading() const {
    return {m_corpus ? m_corpusName : tr("Tokens"), m_corpus ? tr("one text, cut twice") : tr("one text, cut twice and counted in itself")};
}

void TokensTab::refresh() {
    m_fromCorpus->setEnabled(m_corpus != nullptr);
    m_fromInput->setEnabled(focus().run() && !focus().input().tokens.empty());
    takeRun();
}

/// A run that is trained on text brings that text and its tokenizer; behind it the program's own text takes their place again.
void TokensTab::takeRun() {
    Run* run = focus().run();
    if (m_begun && run == m_run) return;
    m_run = run;
    const bool wasOfRun = m_ofRun, first = !m_begun;
    const auto* text = run ? dynamic_cast<const CorpusDataset*>(run->dataset().get()) : nullptr;
    m_ofRun = text != nullptr;
    setOwnTokenizer(text ? text->tokenizer().kept().pipeline : std::string());
    if (text) {
        // Beside pieces of words stand characters, beside those what merging makes of them.
        const int side = hasMerges(text->tokenizer()) ? 1 : 0;
        chooseSource(side, {}, true);
        if (m_own[static_cast<std::size_t>(1 - side)]) chooseSource(1 - side, usualSource(1 - side), false);
        setCorpus(std::shared_ptr<const std::string>(run->dataset(), &text->corpus().train), run->name());
        if (m_text->text() == firstText()) nextPassage();
    } else if (wasOfRun || first) {
        for (int side = 0; side < TokenBench::sides; ++side)
            if (m_own[static_cast<std::size_t>(side)]) chooseSource(side, usualSource(side), false);
        setCorpus(answersOfAsk(), tr("Questions and answers of Ask"));
    }
}

void TokensTab::chooseSource(int side, const TokenizerSource& source, bool own) {
    panel(side).setSource(source, own);
    takeWish(side, source, own);
}

void TokensTab::setCorpus(std::shared_ptr<const std::string> text, const QString& name) {
    m_corpus = std::move(text);
    m_corpusName = name;
    m_passage = 0;
    m_begun = true;
    refresh();
    takeText();
}

void TokensTab::setOwnTokenizer(const std::string& json) {
    m_ownJson = json;
    for (TokenizerPanel* each : m_panels) each->offerOwn(json.empty() || !focus().run() ? QString() : focus().run()->name());
}

/// The text is the corpus while there is no other.
void TokensTab::takeText() {
    m_bench.setCorpus(m_corpus ? m_corpus : std::make_shared<const std::string>(m_text->text().toStdString()));
    for (int side = 0; side < TokenBench::sides; ++side) {
        if (!m_bench.known(side) && !m_bench.busy(side) && m_bench.problem(side).isEmpty())
            takeWish(side, side == 0 ? TokenizerSource() : TokenizerSource{TokenizerSource::Kind::bpe, TokenizerSource().pieces, {}},
                     false);
        showPanel(side);
    }
    emit changed();
}

void TokensTab::takeWish(int side, const TokenizerSource& source, bool own) {
    m_own[static_cast<std::size_t>(side)] = own;
    m_bench.want(side, source, own ? m_ownJson : std::string());
}

void TokensTab::takeTokenizer(int side) {
    showPanel(side);
    if (side == m_active && m_bench.known(side) != m_shown && !m_bench.busy(side)) {
        m_shown = m_bench.known(side);
        if (m_merges > lastMerge()) m_merges = -1;
        showLower();
    } else if (side == m_active && lastMerge() == 0) {
        showLower();  // it says why
    }
    emit changed();
}

void TokensTab::showPanel(int side) {
    panel(side).showText(m_bench.known(side), m_text->text().toStdString(), m_bench.busy(side), m_bench.problem(side));
    if (side == m_active) findWord();
}

int TokensTab::lastMerge() const {
    return mergesOf(m_shown);
}

/// The lower part is of the panel that was clicked last, if it has merges.
void TokensTab::chooseActive(int side) {
    if (side == m_active || mergesOf(m_bench.known(side)) == 0) return;
    panel(m_active).chips().setChosen(-1);
    m_active = side;
    m_shown = m_bench.known(side);
    m_merges = -1;
    showLower();
}

/// The word that a token is of, by what its tokens stand for.
std::string TokensTab::wordAt(std::size_t index) const {
    const std::vector<ShownToken>& tokens = panel(m_active).tokens();
    std::size_t first = index, last = index + 1;
    while (first > 0 && tokens[first].touches) --first;
    while (last < tokens.size() && tokens[last].touches) ++last;
    std::string word;
    for (std::size_t i = first; i < last; ++i) word += panel(m_active).known()->pipeline->bytes(tokens[i].id);
    return word;
}

void TokensTab::chooseWord(int index) {
    const std::vector<ShownToken>& tokens = panel(m_active).tokens();
    if (mergesOf(panel(m_active).known()) == 0 || index < 0 || index >= static_cast<int>(tokens.size())) return;
    const std::string word = wordAt(static_cast<std::size_t>(index));
    if (word.empty()) return;
    m_word = word;
    panel(m_active).chips().setChosen(index);
    showTree();
    emit changed();
}

/// In another text, or cut another way, the word in the tree is marked again; one that is not there makes room for the longest.
void TokensTab::findWord() {
    const std::vector<ShownToken>& tokens = panel(m_active).tokens();
    std::size_t best = 0, bestLength = 0;
    if (mergesOf(panel(m_active).known()) > 0)
        for (std::size_t i = 0; i < tokens.size(); ++i) {
            if (tokens[i].touches) continue;
            const std::string word = wordAt(i);
            if (word == m_word) return chooseWord(static_cast<int>(i));
            if (word.size() > bestLength) best = i, bestLength = word.size();
        }
    m_word.clear();
    panel(m_active).chips().setChosen(-1);
    if (bestLength > 0) return chooseWord(static_cast<int>(best));
    showTree();
}

void TokensTab::showMerges(int merges) {
    const int wanted = std::clamp(merges, 0, lastMerge());
    m_merges = wanted == lastMerge() ? -1 : wanted;
    showStrip();
    showTree();
    m_table->setMerges(wanted);
    if (m_shown) m_curve->setHand(m_shown->pipeline->size() - lastMerge() + wanted, tr("merge %1").arg(wanted));
    emit changed();
}

QString TokensTab::withoutMerges() const {
    return m_bench.busy(m_active) ? tr("Pieces are being learned.") : tr("Only byte-pair encoding has merges.");
}

void TokensTab::showLower() {
    m_table->setTokenizer(mergesOf(m_shown) > 0 ? m_shown : nullptr);
    m_tablePanel->setNote(lastMerge() > 0 ? grouped(lastMerge()) : QString());
    showCurve();
    showMerges(m_merges < 0 ? lastMerge() : m_merges);
}

void TokensTab::showStrip() {
    const int last = lastMerge(), known = m_merges < 0 ? last : m_merges;
    if (last == 0) return m_strip->showMerge(0, 0, 0, 0, nullptr);
    const MergeSaid said = known > 0 ? m_table->said(known) : MergeSaid();
    m_strip->showMerge(known, last, m_shown->pipeline->size() - last + known, m_shown->curve[static_cast<std::size_t>(known)],
                       known > 0 ? &said : nullptr);
}

void TokensTab::showTree() {
    TreePicture picture;
    picture.word = QString::fromStdString(m_word);
    picture.empty = lastMerge() > 0 ? tr("Click a token to see how its word is built.") : withoutMerges();
    picture.merges = m_merges < 0 ? lastMerge() : m_merges;
    const Bpe* bpe = bpeOf(m_shown);
    if (bpe && lastMerge() > 0 && !m_word.empty()) {
        bool first = true;
        m_shown->pipeline->eachWord(m_word, [&](const MappedText& word) {
            if (std::exchange(first, false)) picture.tree = mergeTree(*bpe, word);
        });
        for (const MergeTree::Node& node : picture.tree.nodes) {
            picture.chips.push_back(chipOf(faceOf(*m_shown->pipeline, node.id)));
            picture.codes.push_back(QString::fromStdString(hexadecimal(m_shown->pipeline->bytes(node.id))));
            picture.times.push_back(node.rank < 0 ? 0 : m_shown->study.merged[static_cast<std::size_t>(node.rank)]);
        }
    }
    const auto now = static_cast<std::int64_t>(picture.tree.tokensAfter(picture.merges).size());
    const QString count = counted(LAB_PLURAL("tokens", "%1 token(s)"), now, {grouped(now)});
    m_treePanel->setSubtitle(picture.tree.leaves > 0 ? tr("'%1' now %2").arg(picture.word.trimmed(), count) : QString());
    m_treePanel->setNote(picture.tree.leaves > 0 ? firstPlace() : QString());
    m_tree->setPicture(std::move(picture));
}

/// Where the word stands in the corpus at first.
QString TokensTab::firstPlace() {
    if (!m_corpus) return tr("dashed: later");
    if (m_placed != std::pair(m_word, m_corpus.get())) {
        m_placed = {m_word, m_corpus.get()};
        m_place = m_corpus->find(m_word);
    }
    if (m_place == std::string::npos) return tr("not in the corpus · dashed: later");
    return tr("first at byte %1 · dashed: later").arg(grouped(static_cast<std::int64_t>(m_place)));
}

void TokensTab::showCurve() {
    const int last = lastMerge();
    if (last == 0) {
        m_curve->setEmptyText(withoutMerges());
        m_curve->setSeries({});
        m_curve->setLevel(std::nullopt);
        return m_curve->setHand(std::nullopt);
    }
    PlotSeries series;
    series.name = tr("BPE");
    const int first = m_shown->pipeline->size() - last;
    const int every = std::max(1, last / mostCurvePoints);
    for (int merges = 0; merges <= last; merges += every) {
        series.x.push_back(first + merges);
        series.y.push_back(m_shown->curve[static_cast<std::size_t>(merges)]);
    }
    if (series.x.back() < first + last) series.x.push_back(first + last), series.y.push_back(m_shown->curve.back());
    m_curve->setScales(first + last > linearVocabulary ? AxisScale::logarithmic : AxisScale::linear, AxisScale::linear);
    m_curve->setXRange(first, first + last);
    m_curve->setSeries({series});
    m_curve->setLevel(1.0, tr("characters: 1 by definition"));
}

void TokensTab::openText() {
    const QString path = QFileDialog::getOpenFileName(window(), tr("Open a text"), QString(), tr("Texts (*.txt *.md);;All files (*)"));
    if (path.isEmpty()) return;
    try {
        auto text = std::make_shared<std::string>(readFile(pathFromUtf8(path.toStdString())));
        if (!isUtf8(*text)) throw InputError(path.toStdString(), LAB_TEXT("tokens", "is not a text in UTF-8"));
        setCorpus(std::move(text), QFileInfo(path).fileName());
        nextPassage();
    } catch (const InputError& error) {
        m_treePanel->setNote(shown(error));
    }
}

void TokensTab::nextPassage() {
    if (!m_corpus || m_corpus->empty()) return;
    while (m_passage < m_corpus->size() && isBlank((*m_corpus)[m_passage])) ++m_passage;
    if (m_passage >= m_corpus->size()) m_passage = 0;
    const std::string passage = passageFrom(*m_corpus, m_passage);
    m_passage += passage.size();
    m_text->setText(QString::fromStdString(passage));
    m_text->setCursorPosition(0);
}

void TokensTab::typeInput() {
    if (!focus().run()) return;
    const Dataset& dataset = *focus().run()->dataset();
    const std::vector<int>& tokens = focus().input().tokens;
    m_text->setText(dataset.tokenizer().isText() ? QString::fromStdString(dataset.tokenizer().decode(tokens))
                                                 : tokenTexts(dataset, tokens).join(QLatin1Char(' ')));
}

void TokensTab::train() {
    const auto corpus = m_corpus ? m_corpus : std::make_shared<const std::string>(m_text->text().toStdString());
    auto* dialog = new TokenizerDialog(corpus, m_corpus ? m_corpusName : m_text->text().left(24), window());
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    connect(dialog, &TokenizerDialog::made, this, [this](int pieces, const std::string& json) {
        const TokenizerSource source{TokenizerSource::Kind::bpe, pieces, {}};
        panel(1).setSource(source, false);
        m_own[1] = false;
        m_bench.want(1, source, json);
    });
    dialog->open();
}

std::vector<FigureOffer> TokensTab::figures() {
    std::vector<FigureOffer> offers;
    const FigureSubject subject{focus().run() ? focus().run()->name() : tr("no run")};
    const QString counted = m_corpus ? tr("counted in '%1'").arg(m_corpusName) : tr("counted in the text itself");
    const auto add = [&offers](std::optional<FigureOffer> offer) {
        if (!offer) return;
        offer->still = true;
        offers.push_back(std::move(*offer));
    };
    for (const TokenizerPanel* each : m_panels) add(each->figure(subject, counted));
    add(m_tree->figure(subject, counted));
    for (FigureOffer& offer : partOffers(*m_curvePanel, subject)) add(std::move(offer));
    if (lastMerge() > 0)
        add(tableOffer(tr("Merges"), *m_table, tr("The merges in the order in which they were learned, %1").arg(counted), subject));
    return offers;
}

bool TokensTab::showCell(const QString& cell) {
    if (!cell.isEmpty()) m_text->setText(cell);
    return true;
}

QJsonObject TokensTab::notes() const {
    QJsonObject notes{{QStringLiteral("text"), m_text->text()}};
    for (int side = 0; side < TokenBench::sides; ++side) {
        const TokenizerSource& source = m_bench.wanted(side);
        if (m_own[static_cast<std::size_t>(side)] || !m_begun) continue;
        notes[noteKeys[side]] = QJsonObject{{QStringLiteral("kind"), static_cast<int>(source.kind)},
                                            {QStringLiteral("pieces"), source.pieces},
                                            {QStringLiteral("path"), QString::fromStdString(source.path)}};
    }
    return notes;
}

void TokensTab::takeNotes(const QJsonObject& notes) {
    const QJsonValue text = notes[QStringLiteral("text")];
    if (text.isString()) m_text->setText(text.toString());
    for (int side = 0; side < TokenBench::sides; ++side) {
        const QJsonObject kept = notes[noteKeys[side]].toObject();
        const int kind = kept[QStringLiteral("kind")].toInt(-1), pieces = kept[QStringLiteral("pieces")].toInt();
        if (kind < 0 || kind > static_cast<int>(TokenizerSource::Kind::file) || pieces < panel(side).pieces().minimum()) continue;
        const TokenizerSource source{static_cast<TokenizerSource::Kind>(kind), std::min(pieces, panel(side).pieces().maximum()),
                                     kept[QStringLiteral("path")].toString().toStdString()};
        chooseSource(side, source, false);
    }
}

PageTab* makeTokensTab(Focus& focus, QWidget* parent) {
    return new TokensTab(focus, parent);
}

}  // namespace lab
