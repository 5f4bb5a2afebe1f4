#include "ui/pages/maps/row_table.h"

#include <QPainter>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/buttons.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/table/still_table.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int rowTableMargin = 8;
constexpr int rowTableBarWidth = 56;
constexpr std::size_t spokenRows = 5;

}  // namespace

class RowTable::Body : public StillTable {
    Q_DECLARE_TR_FUNCTIONS(lab::RowTable)

public:
    explicit Body(QWidget* parent) : StillTable({.foot = 2}, parent) { describePicture(this, tr("Keys of the row by weight")); }

    void set(const std::vector<RowWeight>& entries, const std::vector<QString>& tokens, int keyInHand, bool queries) {
        m_queries = queries;
        m_entries = entries;
        // Masked ones weigh nothing: told in one line, not listed.
        const auto masked = std::ranges::stable_partition(m_entries, [](const RowWeight& entry) { return !entry.masked; });
        m_listed = m_entries.size() - masked.size();
        m_tokens = tokens;
        m_keyInHand = keyInHand;
        QStringList spoken;
        for (std::size_t i = 0; i < std::min(m_listed, spokenRows); ++i)
            spoken
                << (queries ? tr("query %1: %2") : tr("key %1: %2")).arg(QString::number(m_entries[i].key), fixed(m_entries[i].weight, 3));
        describePicture(this, queries ? tr("Queries of the column by weight") : tr("Keys of the row by weight"),
                        spoken.join(QStringLiteral(", ")));
        nameColumns();
        setRowCount(static_cast<int>(m_listed), !masked.empty());
    }

    QSize minimumSizeHint() const override {
        const Theme& theme = Theme::instance();
        return {theme.px(200), headerHeight() + theme.px(2 * Look().fullRow)};
    }

protected:
    void paintEvent(QPaintEvent* event) override {
        if (!m_entries.empty()) StillTable::paintEvent(event);
    }

    std::vector<QRectF> rooms(const QRectF& line) const override {
        const Theme& theme = Theme::instance();
        const auto at = [&](double left, double width) { return QRectF(left, line.top(), width, line.height()); };
        const QRectF key = at(theme.px(rowTableMargin), theme.px(32));
        const QRectF bar = at(width() - theme.px(rowTableMargin) - theme.px(rowTableBarWidth), theme.px(rowTableBarWidth));
        const QRectF weight = at(bar.left() - theme.px(70), theme.px(62));
        const QRectF score = at(weight.left() - theme.px(72), theme.px(72));
        return {key, at(key.right() + theme.px(12), score.left() - key.right() - theme.px(16)), score, weight, bar};
    }

    std::vector<QRectF> titleRooms(const QRectF& line) const override {
        const Theme& theme = Theme::instance();
        std::vector<QRectF> places = rooms(line);
        QRectF &key = places[0], &weight = places[3], &bar = places[4];
        // A short column: its name may use the gaps.
        if (textWidth(theme.font(TextSize::caption), keyTitle()) > key.width()) key.adjust(-theme.px(4), 0, theme.px(4), 0);
        const double over = textWidth(theme.font(TextSize::caption, true), weightTitle()) - weight.width();
        weight.adjust(0, 0, std::clamp(over, 0.0, bar.width()), 0);
        bar = {};
        return places;
    }

    std::optional<Role> groundOf(int row) const override {
        return m_entries[static_cast<std::size_t>(row)].key == m_keyInHand ? std::optional(Role::selection) : std::nullopt;
    }

    void paintRest(QPainter& painter, const QRectF& line, int from) const override {
        const std::vector<QRectF> places = rooms(line);
        const auto next = static_cast<std::size_t>(from);
        QRectF words = places[0];
        words.setRight(places[3].left());
        paintTableCell(painter, words, {restText(next), Role::muted}, {Qt::AlignLeft});
        paintTableCell(painter, places[3], {fixed(next < m_listed ? m_entries[next].fromHere : 0.0, 4), Role::muted}, {});
    }

private:
    QString keyTitle() const { return m_queries ? tr("query") : tr("key"); }
    static QString weightTitle() { return tr("weight \u25BE"); }

    void nameColumns() {
        std::vector<TableColumn> columns(5);
        columns[0].title = keyTitle();
        columns[0].cell = [this](std::size_t row) { return TableCell{QString::number(m_entries[row].key), Role::muted}; };
        columns[1].title = tr("token");
        columns[1].side = Qt::AlignLeft;
        columns[1].cell = [this](std::size_t row) {
            const auto key = static_cast<std::size_t>(m_entries[row].key);
            return TableCell{key < m_tokens.size() ? m_tokens[key] : QString(), Role::text, true};
        };
        columns[2].title = tr("score");
        columns[2].cell = [this](std::size_t row) { return TableCell{fixed(m_entries[row].score, 3)}; };
        columns[3].title = weightTitle();
        columns[3].strong = true;
        columns[3].cell = [this](std::size_t row) { return TableCell{fixed(m_entries[row].weight, 4)}; };
        columns[4].bar = rowTableBarWidth;
        columns[4].cell = [this](std::size_t row) {
            TableCell cell;
            cell.bar = m_entries[row].weight;
            return cell;
        };
        setColumns(std::move(columns));
    }

    /// "11 smaller weights", "27 masked keys", "3 smaller weights, 27 masked".
    QString restText(std::size_t from) const {
        const std::size_t masked = m_entries.size() - m_listed, smaller = m_listed - from;
        const auto number = static_cast<std::int64_t>(masked);
        if (smaller == 0 && m_queries)
            return masked == 1 ? tr("1 query that may not look there")
                               : counted(LAB_PLURAL("maps", "%n queries that may not look there"), number);
        if (smaller == 0) return counted(LAB_PLURAL("maps", "%n masked key(s)"), number);
        const QString weights = counted(LAB_PLURAL("maps", "%n smaller weight(s)"), static_cast<std::int64_t>(smaller));
        return masked == 0 ? weights : tr("%1, %2 masked").arg(weights).arg(masked);
    }

    std::vector<RowWeight> m_entries;
    std::size_t m_listed = 0;       ///< those that are not masked come first
    std::vector<QString> m_tokens;  ///< by key
    int m_keyInHand = -1;
    bool m_queries = false;  ///< a column
};

RowTable::RowTable(QWidget* parent) : PanelFrame(QString(), parent), m_body(new Body(this)) {
    setDense(true);
    setContent(m_body);
    m_memory = named("maps.row.memory", new Button(tr("As memory")));
    m_memory->setHeight(20);
    m_memory->setToolTip(tr("Sees this row as a memory: the keys are the stored patterns, the query is the state (Ctrl+H)"));
    addControl(m_memory);
    connect(m_memory, &QAbstractButton::clicked, this, &RowTable::memoryWanted);
    clear();
}

void RowTable::setRow(const QString& title, const std::vector<RowWeight>& row, const std::vector<QString>& tokens, int keyInHand) {
    setTitle(title);
    setShortTitle(tr("Row"));
    setSubtitle(QStringLiteral("\u03A3 = ") + fixed(row.empty() ? 0.0 : row.front().fromHere, 3));
    m_memory->show();
    m_body->set(row, tokens, keyInHand, false);
}

void RowTable::setColumn(const QString& title, const std::vector<RowWeight>& column, const std::vector<QString>& tokens, int queryInHand) {
    setTitle(title);
    setShortTitle(tr("Column"));
    setSubtitle(QStringLiteral("\u03A3 = ") + fixed(column.empty() ? 0.0 : column.front().fromHere, 3));
    m_memory->hide();
    m_body->set(column, tokens, queryInHand, true);
}

void RowTable::clear() {
    setTitle(tr("Row"));
    setShortTitle({});
    setSubtitle({});
    m_memory->hide();
    m_body->set({}, {}, -1, false);
}

}  // namespace lab
