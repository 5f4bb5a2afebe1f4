#include "ui/pages/text/tokenizer_panel.h"

#include <QComboBox>
#include <QFileDialog>
#include <QFileInfo>
#include <QScrollArea>
#include <QSpinBox>
#include <QStandardItemModel>
#include <QVBoxLayout>

#include "core/data/tokenizers/pipeline/bpe.h"
#include "core/data/tokenizers/pipeline/merge_tree.h"
#include "ui/pages/text/piece_limits.h"
#include "ui/pages/text/token_picture.h"
#include "ui/text/message_text.h"
#include "ui/widgets/color_scale.h"
#include "ui/widgets/format.h"
#include "ui/widgets/hover_card.h"
#include "ui/widgets/named.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int fieldHeight = 22;
constexpr int hueBarWidth = 150;
constexpr int ownEntry = 3, fileEntry = 4;  ///< of the list; those before are kinds of sources in their order
constexpr int mostShown = 20'000;           ///< tokens; a longer text is shown as far as that

}  // namespace

TokenizerPanel::TokenizerPanel(const QString& name, QWidget* parent) : PanelFrame({}, parent), m_name(name) {
    const QString part = QStringLiteral("text.tokens.%1.").arg(name);
    m_pieces = named(part + QStringLiteral("pieces"), new QSpinBox);
    m_pieces->setRange(leastPieces, mostPieces);
    m_pieces->setValue(TokenizerSource().pieces);
    m_pieces->setKeyboardTracking(false);
    m_pieces->setAccessibleName(tr("Pieces"));
    m_pieces->setToolTip(tr("How many pieces byte-pair encoding learns, the 256 bytes among them"));
    m_sources = named(part + QStringLiteral("source"), new QComboBox);
    m_sources->addItems({tr("characters"), tr("bytes"), tr("BPE"), tr("the run's own"), tr("file…")});
    m_sources->setAccessibleName(tr("Tokenizer"));
    addControl(m_pieces);
    addControl(m_sources);
    auto* body = new QWidget;
    auto* layout = new QVBoxLayout(body);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    m_chips = named(part + QStringLiteral("chips"), new TokenChips(tr("Tokens of the text")));
    m_area = new QScrollArea;
    m_area->setWidgetResizable(true);
    m_area->setFrameShape(QFrame::NoFrame);
    m_area->setFocusPolicy(Qt::NoFocus);
    m_area->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_area->setWidget(m_chips);
    m_chips->setAutoFillBackground(false);
    m_area->viewport()->setAutoFillBackground(false);
    m_scale = new ColorScaleBar;
    m_scale->setScaling({ColorMap::Kind::trace, 0, mostChipBits});
    m_scale->setQuantity(tr("bits"));
    m_scale->setToolTip(tr("−log₂ of the token's share of the corpus"));
    layout->addWidget(m_area, 1);
    layout->addWidget(m_scale);
    setContent(body);
    m_card = new HoverCard(this);
    offerOwn({});
    connect(m_sources, &QComboBox::activated, this, &TokenizerPanel::choose);
    connect(m_pieces, &QSpinBox::valueChanged, this, [this] { choose(m_sources->currentIndex()); });
    connect(m_chips, &TokenChips::hoverChanged, this, &TokenizerPanel::showCard);
    connect(m_chips, &TokenChips::chipChosen, this, &TokenizerPanel::tokenChosen);
    followTheme(this, &TokenizerPanel::applyMeasures);
}

void TokenizerPanel::applyMeasures() {
    const Theme& theme = Theme::instance();
    for (QWidget* field : {static_cast<QWidget*>(m_pieces), static_cast<QWidget*>(m_sources)}) {
        field->setFixedHeight(theme.px(fieldHeight));
        field->setFont(theme.font(TextSize::text));
    }
    m_scale->setSpan(theme.px(40), theme.px(hueBarWidth));
}

void TokenizerPanel::resizeEvent(QResizeEvent* event) {
    PanelFrame::resizeEvent(event);
    m_card->hide();
}

void TokenizerPanel::offerOwn(const QString& runName) {
    auto* items = qobject_cast<QStandardItemModel*>(m_sources->model());
    items->item(ownEntry)->setEnabled(!runName.isEmpty());
    m_sources->setItemData(ownEntry, runName.isEmpty() ? tr("The run shown is not trained on a text") : runName, Qt::ToolTipRole);
}

void TokenizerPanel::setSource(const TokenizerSource& source, bool isOwn) {
    const QSignalBlocker sources(m_sources), pieces(m_pieces);
    m_source = source;
    m_own = isOwn;
    m_sources->setCurrentIndex(isOwn ? ownEntry : source.kind == TokenizerSource::Kind::file ? fileEntry : static_cast<int>(source.kind));
    m_pieces->setValue(source.pieces);
    m_pieces->setVisible(!isOwn && source.kind == TokenizerSource::Kind::bpe);
}

void TokenizerPanel::choose(int entry) {
    if (entry == fileEntry) return chooseFile();
    TokenizerSource source;
    source.pieces = m_pieces->value();
    if (entry != ownEntry) source.kind = static_cast<TokenizerSource::Kind>(entry);
    setSource(source, entry == ownEntry);
    emit sourceChosen(source, entry == ownEntry);
}

void TokenizerPanel::chooseFile() {
    const QString path =
        QFileDialog::getOpenFileName(window(), tr("Open a tokenizer"), QString(),
                                     tr("Tokenizers (tokenizer.json *.tokenizer.json *vocab.txt *vocab.json *merges.txt);;All files (*)"));
    if (path.isEmpty()) return setSource(m_source, m_own);
    const TokenizerSource source{TokenizerSource::Kind::file, m_source.pieces, path.toStdString()};
    setSource(source, false);
    emit sourceChosen(source, false);
}

QString TokenizerPanel::sourceName() const {
    if (m_own) return tr("The run's own");
    switch (m_source.kind) {
        case TokenizerSource::Kind::characters:
            return tr("Characters");
        case TokenizerSource::Kind::bytes:
            return tr("Bytes");
        case TokenizerSource::Kind::bpe:
            return tr("BPE");
        case TokenizerSource::Kind::file:
            break;
    }
    return QFileInfo(QString::fromStdString(m_source.path)).fileName();
}

void TokenizerPanel::showText(const StudiedPtr& known, const std::string& text, bool busy, const QString& problem) {
    if (known != m_known || text != m_text) {
        m_known = known;
        m_text = text;
        makeChips(text);
    }
    describe(busy, problem, text);
}

void TokenizerPanel::makeChips(const std::string& text) {
    m_card->hide();
    m_tokens = m_known ? shownTokens(*m_known->pipeline, text) : std::vector<ShownToken>();
    if (m_tokens.size() > mostShown) m_tokens.resize(mostShown);
    std::vector<TextChip> chips;
    for (const ShownToken& token : m_tokens) {
        chips.push_back(chipOf(token.face));
        chips.back().touches = token.touches;
        chips.back().below = QString::number(token.id);
        if (m_known->study.tokens > 0) chips.back().bits = m_known->study.bits(token.id);
    }
    m_chips->setChips(std::move(chips));
}

void TokenizerPanel::describe(bool busy, const QString& problem, const std::string& text) {
    setTitle(sourceName());
    if (!problem.isEmpty()) m_chips->setHint(problem);
    if (!problem.isEmpty() && !m_tokens.empty()) m_chips->setChips({}), m_tokens.clear(), m_known = nullptr;
    if (!m_known) {
        setSubtitle(busy ? tr("being made…") : QString());
        return setNote(m_said = QString());
    }
    m_chips->setHint(tr("No text"));
    const int size = m_known->pipeline->size();
    const auto* bpe = dynamic_cast<const Bpe*>(&m_known->pipeline->model());
    const int merges = bpe ? static_cast<int>(bpe->merges().size()) : 0;
    const QString pieces = merges > 0 ? tr("%1 + %2 merges").arg(grouped(size - merges), grouped(merges))
                                      : counted(LAB_PLURAL("tokens", "%1 piece(s)"), size, {grouped(size)});
    const auto lost = m_known->pipeline->firstLost(text);
    setSubtitle(busy ? tr("being made…") : lost ? tr("no token for '%1'").arg(QString::fromStdString(lost->character)) : pieces);
    std::vector<int> ids;
    for (const ShownToken& token : m_tokens) ids.push_back(token.id);
    const int characters = static_cast<int>(QString::fromStdString(text).toUcs4().size());
    const QString each = m_tokens.empty() ? QString() : fixed(static_cast<double>(characters) / static_cast<double>(m_tokens.size()), 2);
    const QString count = counted(LAB_PLURAL("tokens", "%1 token(s)"), static_cast<std::int64_t>(ids.size()),
                                  {grouped(static_cast<std::int64_t>(ids.size()))});
    m_said = m_tokens.empty() ? QString() : tr("%1 · %2 characters each · %3 bits").arg(count, each, fixed(bitsOf(m_known->study, ids), 0));
    setNote(m_said);
}

void TokenizerPanel::setColouring(TokenChips::Colouring colouring) {
    m_chips->setColouring(colouring);
    m_scale->setVisible(colouring == TokenChips::Colouring::bits);
}

/// Id, bytes, how often and at what cost.
void TokenizerPanel::showCard(int index) {
    if (index < 0 || index >= static_cast<int>(m_tokens.size()) || !m_known) {
        m_scale->setNeedle(std::nullopt);
        return m_card->hide();
    }
    const ShownToken& token = m_tokens[static_cast<std::size_t>(index)];
    const TokenizerStudy& study = m_known->study;
    const std::int64_t times = study.times[static_cast<std::size_t>(token.id)];
    const QString bytes = QString::fromStdString(hexadecimal(m_known->pipeline->bytes(token.id)));
    const auto* bpe = dynamic_cast<const Bpe*>(&m_known->pipeline->model());
    const int rank = bpe ? rankOf(*bpe, token.id) : -1;
    const QString id = rank < 0 ? tr("id %1").arg(token.id) : tr("id %1, merge %2").arg(token.id).arg(rank + 1);
    const QString value = bytes.isEmpty() ? id : id + QStringLiteral("   ") + bytes;
    const QString cost = study.tokens == 0 ? tr("nothing is counted yet")
                         : times == 0
                             ? tr("not in the corpus: counted as once, %1 bits").arg(fixed(study.bits(token.id), 2))
                             : tr("%1 of %2 tokens, %3 bits").arg(grouped(times), grouped(study.tokens), fixed(study.bits(token.id), 2));
    const QRect chip = m_chips->chipRect(index);
    m_card->showBeside(QRectF(m_chips->mapTo(this, chip.topLeft()), QSizeF(chip.size()) + QSizeF(0, Theme::instance().px(12))), value,
                       cost);
    m_scale->setNeedle(study.tokens > 0 ? std::optional(study.bits(token.id)) : std::nullopt);
}

std::optional<FigureOffer> TokenizerPanel::figure(const FigureSubject& subject, const QString& counted) const {
    if (!m_known || m_tokens.empty()) return std::nullopt;
    TokenPicture picture;
    picture.title = tr("Tokens: %1").arg(sourceName());
    picture.caption = subjectCaption(subject, tr("%1, %2").arg(m_said, counted));
    picture.chips = m_chips->chips();
    picture.tokens = m_tokens;
    picture.colouring = m_chips->colouring();
    const QString name = m_name == QLatin1String("a") ? tr("Tokens, left") : tr("Tokens, right");
    return FigureOffer{name, figureFile(subject, tr("tokens %1").arg(sourceName())), [picture] { return tokenFigure(picture); }};
}

}  // namespace lab
