#include "ui/pages/maps/maps_strips.h"

#include <QCheckBox>

#include "ui/pages/maps/bucket_strip.h"
#include "ui/pages/maps/depth_strip.h"
#include "ui/pages/maps/expert_rows.h"
#include "ui/widgets/column.h"
#include "ui/widgets/named.h"

namespace lab {

MapsStrips::MapsStrips(QWidget* parent) : QWidget(parent) {
    m_experts = named("maps.experts", new ExpertStrip(this));
    m_depth = named("maps.depth", new DepthStrip(this));
    m_sorted = named("maps.buckets.sorted", new QCheckBox(tr("Sorted by bucket"), this));
    m_sorted->setToolTip(tr("Each round's tokens in the order in which they are cut into chunks"));
    m_buckets = named("maps.buckets", new BucketStrip(this));
    auto* layout = column(this);
    for (QWidget* part : {static_cast<QWidget*>(m_experts), static_cast<QWidget*>(m_depth), static_cast<QWidget*>(m_sorted),
                          static_cast<QWidget*>(m_buckets)})
        layout->addWidget(part);
    connect(m_sorted, &QCheckBox::toggled, m_buckets, &BucketStrip::setSorted);
    arrange();
}

void MapsStrips::look(const MapsScene& scene, const Trace& trace, const ModelConfig& model) {
    m_experts->setRows(expertRows(scene, trace, model));
    m_depth->setRows(depthRows(scene, trace, model));
}

void MapsStrips::lookAt(const MapsBlock& block, const Trace& trace, int head) {
    m_buckets->setHead(headBuckets(block, trace, head));
    arrange();
}

void MapsStrips::clear() {
    m_experts->setRows({});
    m_depth->setRows({});
    m_buckets->setHead({});
    arrange();
}

void MapsStrips::setShown(bool shown) {
    m_shown = shown;
    arrange();
}

void MapsStrips::arrange() {
    bool any = false;
    for (CellStrip* strip : {static_cast<CellStrip*>(m_experts), static_cast<CellStrip*>(m_depth), static_cast<CellStrip*>(m_buckets)}) {
        strip->setVisible(!strip->empty());
        any = any || !strip->empty();
    }
    m_sorted->setVisible(!m_buckets->empty());
    setVisible(m_shown && any);
}

void MapsStrips::addFigures(std::vector<FigureOffer>& offers, const FigureSubject& subject) const {
    m_buckets->addFigure(offers, subject);
    m_depth->addFigure(offers, subject);
    addExpertFigure(offers, *m_experts, subject);
}

}  // namespace lab
