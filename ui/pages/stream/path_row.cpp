#include "ui/pages/stream/path_row.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QPoint>
#include <QSignalBlocker>
#include <algorithm>

#include "ui/scenes/head_names.h"
#include "ui/widgets/elided_label.h"
#include "ui/widgets/format.h"
#include "ui/widgets/named.h"
#include "ui/widgets/segmented.h"
#include "ui/widgets/spacing.h"

namespace lab {
namespace {

/// Heads from a block on, behind the choice of none.
void fillHeads(QComboBox& box, const Model& model, std::size_t first, std::size_t end) {
    const QSignalBlocker quiet(box);
    box.clear();
    box.addItem(QStringLiteral("–"));
    const auto& blocks = model.attentionBlocks();
    for (std::size_t b = first; b < end; ++b)
        for (int h = 0; h < blocks[b].heads; ++h)
            box.addItem(shortHeadName(blocks[b], h, model.config().architecture), QPoint(static_cast<int>(b), h));
    box.setEnabled(box.count() > 1);
}

}  // namespace

PathRow::PathRow(QWidget* parent) : QWidget(parent) {
    setToolTip(
        tr("Path patching (Wang et al. 2022): the output of the first head reaches the queries, keys or values of the second one alone, "
           "through the residual stream; all that lies between stays as it was."));
    auto* row = new QHBoxLayout(this);
    m_from = named("stream.patching.from", new QComboBox);
    m_from->setAccessibleName(tr("The head that a path leaves"));
    m_to = named("stream.patching.to", new QComboBox);
    m_to->setAccessibleName(tr("The head that a path reaches"));
    m_end = named("stream.patching.end", new SegmentedControl({tr("q"), tr("k"), tr("v")}, tr("What of the head the path reaches")));
    m_end->setHeight(20);
    m_said = new ElidedLabel({}, TextSize::axis);
    row->addWidget(new ThemedLabel(tr("Path"), TextSize::axis, Role::muted));
    row->addWidget(m_from);
    row->addWidget(new ThemedLabel(QStringLiteral("→"), TextSize::axis, Role::muted));
    row->addWidget(m_to);
    row->addWidget(m_end);
    row->addWidget(m_said, 1);
    keepSpacing(row, {0, 0, 0, 0}, 6);
    connect(m_from, &QComboBox::activated, this, [this] {
        fillEnds();
        emit chosen();
    });
    connect(m_to, &QComboBox::activated, this, &PathRow::chosen);
    connect(m_end, &SegmentedControl::chosen, this, &PathRow::chosen);
}

void PathRow::meet(const Run& run) {
    m_model = run.model();
    const std::size_t blocks = m_model->attentionBlocks().size();
    fillHeads(*m_from, *m_model, 0, blocks > 0 ? blocks - 1 : 0);
    fillEnds();
}

/// Heads behind the one that the path leaves.
void PathRow::fillEnds() {
    const QVariant before = m_to->currentData(), from = m_from->currentData();
    const std::size_t blocks = m_model->attentionBlocks().size();
    fillHeads(*m_to, *m_model, from.isValid() ? static_cast<std::size_t>(from.toPoint().x()) + 1 : blocks, blocks);
    m_to->setCurrentIndex(std::max(before.isValid() ? m_to->findData(before) : 0, 0));
}

std::optional<PatchPath> PathRow::path() const {
    const QVariant from = m_from->currentData(), to = m_to->currentData();
    if (!from.isValid() || !to.isValid()) return std::nullopt;
    const QPoint a = from.toPoint(), b = to.toPoint();
    return PatchPath{{a.x(), a.y()}, {b.x(), b.y()}, static_cast<PathEnd>(m_end->current())};
}

void PathRow::setPath(const PatchPath& path) {
    m_from->setCurrentIndex(std::max(m_from->findData(QPoint(path.from.block, path.from.head)), 0));
    fillEnds();
    m_to->setCurrentIndex(std::max(m_to->findData(QPoint(path.to.block, path.to.head)), 0));
    m_end->setCurrent(static_cast<int>(path.end));
}

void PathRow::showFound(const PatchFound& found) {
    const std::optional<PatchPath> wanted = path();
    QString said = m_model->attentionBlocks().size() > 1 ? tr("from a head into a later one") : tr("needs two layers");
    if (wanted) said = tr("is computed behind the maps");
    for (const PatchPathFound& way : found.paths)
        if (wanted == way.path) said = way.error.isEmpty() ? tr("recovered %1").arg(fixed(way.recovered, 3)) : way.error;
    m_said->setText(said);
}

}  // namespace lab
