#include "ui/pages/maps/look_boxes.h"

#include <QCheckBox>
#include <QHBoxLayout>

#include "ui/widgets/named.h"
#include "ui/widgets/spacing.h"

namespace lab {

LookBoxes::LookBoxes(QWidget* parent) : QWidget(parent) {
    m_dim = named("maps.head.dim_sinks", new QCheckBox(tr("dim sinks"), this));
    m_dim->setToolTip(
        tr("Columns of the first token and of special tokens step back, and what a row leaves on the other keys is divided by its sum: "
           "what heads do beside resting there. The model's own numbers stay at the right."));
    m_join = named("maps.head.join_words", new QCheckBox(tr("join words"), this));
    m_join->setToolTip(tr("Pieces of a word become one: its columns are added up, its rows averaged."));
    auto* row = new QHBoxLayout(this);
    row->setContentsMargins(0, 0, 0, 0);
    row->addWidget(m_dim);
    row->addWidget(m_join);
    for (QCheckBox* box : {m_dim, m_join})
        connect(box, &QCheckBox::clicked, this, [this] { emit chosen(m_dim->isChecked(), m_join->isChecked()); });
    keepSpacing(row, 8);
}

void LookBoxes::take(const MapsScene& scene, const MapsLook& look) {
    const bool possible = scene.isText() && look.stage == MapStage::weights && scene.blocks.front().info.shares;
    setVisible(possible);
    m_join->setVisible(scene.hasPieces());
    m_dim->setChecked(look.dimSinks);
    m_join->setChecked(look.joinWords);
}

}  // namespace lab
