#include "ui/pages/maps/row_table.h"

#include <QCoreApplication>
#include <QPainter>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int headerHeight = 20;
constexpr int rowHeight = 18;
constexpr int margin = 8;
constexpr int barWidth = 56;

}  // namespace

class RowTable::Body : public QWidget {
    Q_DECLARE_TR_FUNCTIONS(lab::RowTable)

public:
    explicit Body(QWidget* parent) : QWidget(parent) { describePicture(this, tr("Keys of the row by weight")); }

    void set(const std::vector<RowWeight>& entries, const std::vector<QString>& tokens, int keyInHand, bool queries) {
        m_queries = queries;
        m_entries = entries;
        // Masked ones weigh nothing: told in one line, not listed.
        const auto masked = std::stable_partition(m_entries.begin(), m_entries.end(), [](const RowWeight& entry) { return !entry.masked; });
        m_listed = static_cast<std::size_t>(masked - m_entries.begin());
        m_tokens = tokens;
        m_keyInHand = keyInHand;
        QStringList spoken;
        for (std::size_t i = 0; i < std::min<std::size_t>(m_listed, 5); ++i)
            spoken
                << (queries ? tr("query %1: %2") : tr("key %1: %2")).arg(QString::number(m_entries[i].key), fixed(m_entries[i].weight, 3));
        describePicture(this, queries ? tr("Queries of the column by weight") : tr("Keys of the row by weight"),
                        spoken.join(QStringLiteral(", ")));
        update();
    }

    QSize minimumSizeHint() const override {
        const Theme& theme = Theme::instance();
        return {theme.px(200), theme.px(headerHeight + 3 * rowHeight)};
    }

protected:
    void paintEvent(QPaintEvent*) override {
        if (m_entries.empty()) return;
        const Theme& theme = Theme::instance();
        QPainter painter(this);
        paintHeader(painter);
        const int room = (height() - theme.px(headerHeight) - theme.px(2)) / theme.px(rowHeight);
        const bool all = static_cast<int>(m_entries.size()) <= room && m_listed == m_entries.size();
        const std::size_t shown = all ? m_listed : std::min(m_listed, static_cast<std::size_t>(std::max(room - 1, 0)));
        int top = theme.px(headerHeight);
        for (std::size_t i = 0; i < shown; ++i, top += theme.px(rowHeight)) paintRow(painter, m_entries[i], top);
        if (!all) paintRest(painter, shown, top);
    }

private:
    struct Columns {
        QRectF key, token, score, weight, bar;
    };

    Columns columns(int top, int height) const {
        const Theme& theme = Theme::instance();
        const double left = theme.px(margin);
        const double right = width() - theme.px(margin);
        Columns c;
        c.key = QRectF(left, top, theme.px(32), height);
        c.bar = QRectF(right - theme.px(barWidth), top, theme.px(barWidth), height);
        c.weight = QRectF(c.bar.left() - theme.px(64), top, theme.px(56), height);
        c.score = QRectF(c.weight.left() - theme.px(72), top, theme.px(72), height);
        c.token = QRectF(c.key.right() + theme.px(12), top, c.score.left() - c.key.right() - theme.px(16), height);
        return c;
    }

    void paintHeader(QPainter& painter) const {
        const Theme& theme = Theme::instance();
        const Columns c = columns(0, theme.px(headerHeight));
        painter.setFont(theme.font(TextSize::caption));
        painter.setPen(theme.color(Role::muted));
        const QRectF key = c.key.adjusted(-theme.px(4), 0, theme.px(4), 0);  // a short column: its name may use the gaps
        const QString keyName = m_queries ? tr("query") : tr("key");
        drawElided(painter, textWidth(painter.font(), keyName) <= c.key.width() ? c.key : key, Qt::AlignRight, keyName);
        drawElided(painter, c.token, Qt::AlignLeft, tr("token"));
        drawElided(painter, c.score, Qt::AlignRight, tr("score"));
        painter.setFont(theme.font(TextSize::caption, true));
        painter.setPen(theme.color(Role::text));
        const QString weight = tr("weight \u25BE");
        const double over = std::min(std::max(textWidth(painter.font(), weight) - c.weight.width(), 0.0), c.bar.width());
        drawElided(painter, c.weight.adjusted(0, 0, over, 0), Qt::AlignRight, weight);
        drawHairline(painter, QPointF(0, theme.px(headerHeight) - 1), QPointF(width(), theme.px(headerHeight) - 1),
                     theme.color(Role::hairline));
    }

    void paintRow(QPainter& painter, const RowWeight& entry, int top) const {
        const Theme& theme = Theme::instance();
        const Columns c = columns(top, theme.px(rowHeight));
        if (entry.key == m_keyInHand) painter.fillRect(QRect(0, top, width(), theme.px(rowHeight)), theme.color(Role::selection));
        const auto put = [&](const QRectF& rect, Qt::Alignment side, const QString& text, Role role, bool bold = false) {
            painter.setFont(theme.font(TextSize::axis, bold));
            painter.setPen(theme.color(role));
            painter.drawText(rect, side | Qt::AlignVCenter,
                             QFontMetrics(painter.font()).elidedText(text, Qt::ElideRight, static_cast<int>(rect.width())));
        };
        put(c.key, Qt::AlignRight, QString::number(entry.key), Role::muted);
        if (static_cast<std::size_t>(entry.key) < m_tokens.size())
            put(c.token, Qt::AlignLeft, m_tokens[static_cast<std::size_t>(entry.key)], Role::text, true);
        put(c.score, Qt::AlignRight, entry.masked ? tr("masked") : fixedOrScientific(entry.score, 3),
            entry.masked ? Role::muted : Role::text);
        put(c.weight, Qt::AlignRight, fixed(entry.weight, 4), Role::text);
        const QRectF track(c.bar.left(), c.bar.center().y() - theme.px(5), c.bar.width(), theme.px(10));
        painter.fillRect(track, theme.color(Role::track));
        const double length = track.width() * std::clamp(static_cast<double>(entry.weight), 0.0, 1.0);
        painter.fillRect(QRectF(track.topLeft(), QSizeF(length, track.height())), theme.color(Role::series1));
    }

    void paintRest(QPainter& painter, std::size_t from, int top) const {
        const Theme& theme = Theme::instance();
        const Columns c = columns(top, theme.px(rowHeight));
        painter.setFont(theme.font(TextSize::axis));
        painter.setPen(theme.color(Role::muted));
        drawElided(painter, QRectF(c.key.left(), top, c.weight.left() - c.key.left(), theme.px(rowHeight)), Qt::AlignLeft, restText(from));
        painter.drawText(c.weight, Qt::AlignRight | Qt::AlignVCenter, fixed(from < m_listed ? m_entries[from].fromHere : 0.0, 4));
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
    clear();
}

void RowTable::setRow(const QString& title, const std::vector<RowWeight>& row, const std::vector<QString>& tokens, int keyInHand) {
    setTitle(title);
    setNote(QStringLiteral("\u03A3 = ") + fixed(row.empty() ? 0.0 : row.front().fromHere, 3));
    m_body->set(row, tokens, keyInHand, false);
}

void RowTable::setColumn(const QString& title, const std::vector<RowWeight>& column, const std::vector<QString>& tokens, int queryInHand) {
    setTitle(title);
    setNote(QStringLiteral("\u03A3 = ") + fixed(column.empty() ? 0.0 : column.front().fromHere, 3));
    m_body->set(column, tokens, queryInHand, true);
}

void RowTable::clear() {
    setTitle(tr("Row"));
    setNote({});
    m_body->set({}, {}, -1, false);
}

}  // namespace lab
