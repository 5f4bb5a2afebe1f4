#include "ui/pages/text/candidate_table.h"

#include <QPainter>
#include <algorithm>

#include "ui/pages/text/column_room.h"
#include "ui/scenes/piece_chips.h"
#include "ui/text/message_text.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/text_chip.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int candidateHeight = 22;
constexpr int barHeight = 8;

double largestOf(const std::vector<Candidate>& candidates) {
    double largest = 1e-9;
    for (const Candidate& each : candidates) largest = std::max({largest, each.before, each.after});
    return largest;
}

}  // namespace

QString ruleName(const SamplingRule* rule) {
    return rule ? shown(Message(rule->label)) : QString();
}

CandidateTable::CandidateTable(QWidget* parent) : DataTable(tr("What the token might have been"), candidateHeight, parent) {
    nameColumns();
    connect(this, &QAbstractItemView::clicked, this, [this](const QModelIndex& index) {
        if (index.row() < static_cast<int>(places().size())) pick(places()[static_cast<std::size_t>(index.row())]);
    });
    connect(this, &DataTable::rowOpened, this, &CandidateTable::pick);
}

void CandidateTable::pick(std::size_t row) {
    if (isRest(row)) return emit allWanted(!showsAll());
    if (m_token.candidates[row].token != m_token.token) emit candidatePicked(m_token.candidates[row].token);
}

Candidate CandidateTable::at(std::size_t row) const {
    return isRest(row) ? m_rest : m_token.candidates[row];
}

QString CandidateTable::words(std::size_t row) const {
    if (!isRest(row)) return QString::fromStdString(m_tokenizer->shown(m_token.candidates[row].token));
    if (showsAll()) return tr("fewer");
    return tr("%n more", nullptr, m_classes - static_cast<int>(m_token.candidates.size())) + QStringLiteral(" \u25BE");
}

void CandidateTable::nameColumns() {
    std::vector<TableColumn> columns(4);
    columns[0] = {"token", tr("token"), tr("The likeliest first"), Qt::AlignLeft, true};
    columns[0].cell = [this](std::size_t row) { return TableCell{words(row)}; };
    columns[0].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintToken(painter, room, row); };
    columns[0].widest = QStringLiteral("wwwwwwww");
    columns[0].toolTip = [this](std::size_t row) {
        if (!isRest(row)) return QString();
        return showsAll() ? tr("The likeliest alone") : tr("Their sum. A click or Enter lists all of them");
    };
    columns[1] = {{}, tr("before and after"), tr("Grey: as the model has it. Blue: behind penalties, temperature and cuts"), Qt::AlignLeft};
    columns[1].cell = [](std::size_t) { return TableCell{}; };
    columns[1].number = [this](std::size_t row) { return at(row).before; };
    columns[1].paint = [this](QPainter& painter, const QRectF& room, std::size_t row) { paintBars(painter, room, row); };
    columns[1].widest = QStringLiteral("wwwwwwwwwwwwww");
    columns[2] = {"before", tr("before"), tr("Probability as the model has it")};
    columns[2].cell = [this](std::size_t row) { return isFold(row) ? TableCell{} : TableCell{fixed(at(row).before, 3), Role::muted}; };
    columns[2].number = [this](std::size_t row) { return at(row).before; };
    columns[2].widest = QStringLiteral("0.000");
    columns[3] = {"after", tr("after"), tr("Probability that it is drawn with; or the rule that cut it")};
    columns[3].strong = true;
    columns[3].cell = [this](std::size_t row) {
        const Candidate candidate = at(row);
        if (isFold(row)) return TableCell{};
        if (candidate.cutBy) return TableCell{ruleName(candidate.cutBy), Role::muted};
        return TableCell{fixed(candidate.after, 3), Role::text, true};
    };
    columns[3].number = [this](std::size_t row) { return at(row).after; };
    columns[3].toolTip = [this](std::size_t row) { return at(row).cutBy ? shown(Message(at(row).cutBy->help)) : QString(); };
    columns[3].widest = QStringLiteral("temperature");
    setColumns(std::move(columns));
}

void CandidateTable::arrangeColumns() {
    giveRoom(*this, columns(), {{{}, .34}, {{}, .66}, {columns()[2].widest}, {columns()[3].widest}});
}

void CandidateTable::setToken(const WrittenToken* token, std::shared_ptr<const Tokenizer> tokenizer, int classes) {
    m_tokenizer = std::move(tokenizer);
    m_classes = classes;
    m_token = token ? *token : WrittenToken();
    m_rest = {};
    m_rest.before = m_rest.after = token ? 1 : 0;
    const CutShare* most = nullptr;
    for (const CutShare& cut : m_token.cuts)
        if (!most || cut.tokens > most->tokens) most = &cut;
    for (const Candidate& each : m_token.candidates) {
        m_rest.before -= each.before;
        m_rest.after -= each.after;
    }
    m_rest.before = std::max(0.0, m_rest.before);
    m_rest.after = std::max(0.0, m_rest.after);
    if (most && m_rest.after < 1e-12) m_rest.cutBy = most->rule;
    const std::size_t shownRows = m_token.candidates.size();
    const bool rest = shownRows > 0 && (!showsAll() || shownRows > WritingOptions().candidates);
    const auto mine = std::ranges::find(m_token.candidates, m_token.token, &Candidate::token);
    showAll(shownRows + (rest ? 1 : 0),
            mine == m_token.candidates.end() ? std::nullopt : std::optional(static_cast<std::size_t>(mine - m_token.candidates.begin())));
    viewport()->update();
}

void CandidateTable::paintToken(QPainter& painter, const QRectF& room, std::size_t row) const {
    const Theme& theme = Theme::instance();
    painter.save();
    painter.setClipRect(room);
    if (at(row).cutBy) drawHatch(painter, room);
    if (isRest(row)) {
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::muted));
        painter.drawText(room, Qt::AlignLeft | Qt::AlignVCenter, words(row));
    } else {
        const TextChip chip = pieceChip(*m_tokenizer, m_token.candidates[row].token);
        const int width = textChipWidth(chip, ChipSize::table), height = textChipHeight(ChipSize::table);
        paintTextChip(painter, QRectF(room.left(), room.top() + (room.height() - height) / 2, width, height), chip,
                      {.size = ChipSize::table, .chosen = m_token.candidates[row].token == m_token.token});
    }
    painter.restore();
}

void CandidateTable::paintBars(QPainter& painter, const QRectF& room, std::size_t row) const {
    if (isFold(row)) return;
    const Theme& theme = Theme::instance();
    const Candidate candidate = at(row);
    const double largest = largestOf(m_token.candidates), height = theme.px(barHeight), middle = room.center().y();
    const auto widthOf = [&](double probability) { return room.width() * std::min(1.0, probability / largest); };
    if (candidate.cutBy) {
        drawHatch(painter, room);
        painter.setPen(QPen(theme.color(Role::muted), devicePixel(painter), Qt::DashLine));
        painter.setBrush(Qt::NoBrush);
        painter.drawRect(QRectF(room.left(), middle, widthOf(candidate.heated), height));
    }
    painter.fillRect(QRectF(room.left(), middle - height, widthOf(candidate.before), height), theme.color(Role::muted));
    painter.fillRect(QRectF(room.left(), middle, widthOf(candidate.after), height), theme.color(Role::series1));
}

}  // namespace lab
