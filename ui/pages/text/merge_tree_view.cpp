#include "ui/pages/text/merge_tree_view.h"

#include <QPainter>
#include <algorithm>

#include "ui/text/message_text.h"
#include "ui/widgets/accessible_picture.h"
#include "ui/widgets/empty_state.h"
#include "ui/widgets/format.h"
#include "ui/widgets/paint.h"
#include "ui/widgets/theme.h"

namespace lab {
namespace {

// Logical px at 100 %.
constexpr int leastLeaf = 34, usualLeaf = 64;
constexpr int codeHeight = 18;
constexpr int treeMargin = 10;
constexpr int leastLevel = 26, mostLevel = 58;
constexpr int labelGap = 4;

/// Where the nodes of a tree stand in a room.
class TreeLayout {
public:
    TreeLayout(const TreePicture& picture, const QSizeF& room)
        : m_tree(picture.tree), m_height(m_tree.nodes.size()), m_width(room.width()) {
        const Theme& theme = Theme::instance();
        for (std::size_t i = 0; i < m_tree.nodes.size(); ++i) {
            const MergeTree::Node& node = m_tree.nodes[i];
            if (node.rank >= 0) m_height[i] = 1 + std::max(m_height[at(node.left)], m_height[at(node.right)]);
            m_levels = std::max(m_levels, m_height[i]);
        }
        const double free = room.height() - theme.px(codeHeight + 2 * treeMargin) - textChipHeight(ChipSize::page);
        m_level = m_levels > 0 ? std::clamp(free / m_levels, double(theme.px(leastLevel)), double(theme.px(mostLevel))) : 0.0;
        m_leaf = std::min(room.width() / std::max(m_tree.leaves, 1), double(theme.px(usualLeaf)));
        m_left = (room.width() - m_leaf * m_tree.leaves) / 2;
        m_foot = std::min(room.height() - theme.px(codeHeight + treeMargin),
                          theme.px(treeMargin) + m_level * m_levels + textChipHeight(ChipSize::page));
    }

    QPointF middle(int node) const {
        const MergeTree::Node& of = m_tree.nodes[at(node)];
        const double x = of.rank < 0 ? m_left + m_leaf * (of.begin + 0.5) : (middle(of.left).x() + middle(of.right).x()) / 2;
        return {x, m_foot - textChipHeight(ChipSize::page) / 2.0 - m_level * m_height[at(node)]};
    }
    QRectF box(int node, const TextChip& chip) const {
        const double width = textChipWidth(chip, ChipSize::page), height = textChipHeight(ChipSize::page);
        return {middle(node).x() - width / 2, middle(node).y() - height / 2, width, height};
    }
    double foot() const { return m_foot; }
    double width() const { return m_width; }
    double leaf() const { return m_leaf; }

private:
    static std::size_t at(int index) { return static_cast<std::size_t>(index); }

    const MergeTree& m_tree;
    std::vector<int> m_height;  ///< of each node over its leaves
    double m_width;
    int m_levels = 0;
    double m_level = 0, m_leaf = 0, m_left = 0, m_foot = 0;
};

QPen penOf(bool built) {
    const Theme& theme = Theme::instance();
    if (built) return QPen(theme.color(Role::series1), theme.px(2));
    QPen pen(theme.color(Role::muted), theme.px(1));
    pen.setDashPattern({3, 2});
    return pen;
}

void paintBranches(QPainter& painter, const TreePicture& picture, const TreeLayout& layout, int node, bool built) {
    const MergeTree::Node& of = picture.tree.nodes[static_cast<std::size_t>(node)];
    const double top = layout.box(node, picture.chips[static_cast<std::size_t>(node)]).bottom();
    painter.setPen(penOf(built));
    painter.setBrush(Qt::NoBrush);
    for (const int child : {of.left, of.right}) {
        const QRectF box = layout.box(child, picture.chips[static_cast<std::size_t>(child)]);
        const double x = box.center().x(), from = layout.middle(node).x();
        const QPointF line[] = {{from, top}, {x, top}, {x, box.top()}};
        painter.drawPolyline(line, 3);
    }
}

void paintNode(QPainter& painter, const TreePicture& picture, const TreeLayout& layout, int node, bool built) {
    const Theme& theme = Theme::instance();
    const auto i = static_cast<std::size_t>(node);
    const QRectF box = layout.box(node, picture.chips[i]);
    paintTextChip(painter, box, picture.chips[i], {});
    if (picture.tree.nodes[i].rank >= 0) {
        painter.setPen(penOf(built));
        painter.setBrush(Qt::NoBrush);
        return painter.drawRoundedRect(box, theme.px(3), theme.px(3));
    }
    painter.setFont(theme.font(TextSize::caption));
    painter.setPen(theme.color(Role::muted));
    const QRectF below(layout.middle(node).x() - layout.leaf() / 2 - 4, layout.foot() + 1, layout.leaf() + 8, theme.px(codeHeight));
    painter.drawText(below, Qt::AlignHCenter | Qt::AlignTop, picture.codes[i]);
}

/// Which merge made a node, and how often: beside it, right or left, where neither another node nor another label is; shorter or not at
/// all where there is no such room (the list of merges has it).
void paintLabel(QPainter& painter, const QRectF& box, const QStringList& lines, double width, std::vector<QRectF>& taken) {
    const double gap = Theme::instance().px(labelGap), line = box.height() / 2;
    double needs = 0;
    for (const QString& each : lines) needs = std::max(needs, textAdvance(painter.font(), each) + 2);
    for (const bool atRight : {true, false}) {
        const QRectF room(atRight ? box.right() + gap : box.left() - gap - needs, box.top(), needs, box.height());
        const bool isFree = room.left() >= 0 && room.right() <= width &&
                            std::ranges::none_of(taken, [&room](const QRectF& other) { return other.intersects(room); });
        if (!isFree) continue;
        const double top = box.top() + (box.height() - line * static_cast<double>(lines.size())) / 2;
        for (int i = 0; i < lines.size(); ++i)
            painter.drawText(QRectF(room.left(), top + i * line, needs, line),
                             (atRight ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter, lines[i]);
        return taken.push_back(room);
    }
    if (lines.size() > 1) paintLabel(painter, box, {lines.front().section(QLatin1Char(' '), -1)}, width, taken);
}

void paintTree(QPainter& painter, const TreePicture& picture, const QSizeF& room) {
    const Theme& theme = Theme::instance();
    const TreeLayout layout(picture, room);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto isBuilt = [&](int node) { return picture.tree.nodes[static_cast<std::size_t>(node)].rank < picture.merges; };
    const int nodes = static_cast<int>(picture.tree.nodes.size());
    std::vector<QRectF> taken;
    for (int i = 0; i < nodes; ++i) taken.push_back(layout.box(i, picture.chips[static_cast<std::size_t>(i)]));
    for (int i = picture.tree.leaves; i < nodes; ++i) paintBranches(painter, picture, layout, i, isBuilt(i));
    for (int i = 0; i < nodes; ++i) paintNode(painter, picture, layout, i, isBuilt(i));
    painter.setFont(theme.font(TextSize::caption));
    for (int i = picture.tree.leaves; i < nodes; ++i) {
        const auto node = static_cast<std::size_t>(i);
        painter.setPen(theme.color(isBuilt(i) ? Role::text : Role::muted));
        const QString times = isBuilt(i) ? QStringLiteral("%1×").arg(grouped(picture.times[node])) : MergeTreeView::tr("later");
        const QRectF box = taken[node];
        paintLabel(painter, box, {MergeTreeView::tr("merge %1").arg(picture.tree.nodes[node].rank + 1), times}, layout.width(), taken);
    }
}

FigureTable numbersOf(const TreePicture& picture) {
    FigureTable table;
    table.header = {"node", "piece", "merge", "left", "right", "times"};
    for (std::size_t i = 0; i < picture.tree.nodes.size(); ++i) {
        const MergeTree::Node& node = picture.tree.nodes[i];
        const bool leaf = node.rank < 0;
        const auto written = [leaf](std::int64_t value) { return leaf ? std::string() : std::to_string(value); };
        table.rows.push_back({std::to_string(i), picture.chips[i].text.toStdString(), written(node.rank + 1), written(node.left),
                              written(node.right), written(picture.times[i])});
    }
    return table;
}

}  // namespace

MergeTreeView::MergeTreeView(QWidget* parent) : QWidget(parent) {
    describePicture(this, tr("How a word is built"));
}

void MergeTreeView::setPicture(TreePicture picture) {
    m_picture = std::move(picture);
    QStringList built;
    for (const int node : m_picture.tree.tokensAfter(m_picture.merges))
        built << chipSpoken(m_picture.chips[static_cast<std::size_t>(node)]);
    describePicture(this, tr("How a word is built"),
                    built.isEmpty()
                        ? m_picture.empty
                        : tr("%1, after merge %2: %3").arg(m_picture.word).arg(m_picture.merges).arg(built.join(QStringLiteral(", "))));
    updateGeometry();
    update();
}

QSize MergeTreeView::minimumSizeHint() const {
    const Theme& theme = Theme::instance();
    return {std::max(theme.px(200), theme.px(leastLeaf) * m_picture.tree.leaves + theme.px(2 * treeMargin)), theme.px(150)};
}

void MergeTreeView::paintEvent(QPaintEvent*) {
    QPainter painter(this);
    if (m_picture.tree.leaves == 0) return paintEmpty(painter, rect(), m_picture.empty);
    paintTree(painter, m_picture, size());
}

std::optional<FigureOffer> MergeTreeView::figure(const FigureSubject& subject, const QString& counted) const {
    if (m_picture.tree.leaves == 0) return std::nullopt;
    const QString what = tr("'%1' from its bytes; solid: built by the first %2 merges, dashed: later; %3")
                             .arg(m_picture.word.trimmed())
                             .arg(m_picture.merges)
                             .arg(counted);
    const auto make = [picture = m_picture, caption = subjectCaption(subject, what)] {
        auto figure = std::make_unique<PartsFigure>();
        figure->title = tr("How a word is built");
        figure->caption = caption;
        figure->body = QSizeF(std::max(420, 64 * picture.tree.leaves + 100), 320);
        figure->parts.push_back({QString(), QRectF(QPointF(), figure->body), nullptr});
        figure->parts.back().paint = [picture](QPainter& painter, const QSizeF& room) { paintTree(painter, picture, room); };
        figure->numbers = numbersOf(picture);
        return figure;
    };
    return FigureOffer{tr("How a word is built"), figureFile(subject, tr("tree %1").arg(m_picture.word)), make};
}

}  // namespace lab
