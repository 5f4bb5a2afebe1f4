#include "ui/pages/maps/maps_strips.h"

#include <QCheckBox>
#include <QLayout>
#include <utility>

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
    for (CellStrip* strip : {static_cast<CellStrip*>(m_experts), static_cast<CellStrip*>(m_depth), static_cast<CellStrip*>(m_buckets)})
        layout->addWidget(strip);
    m_buckets->setCorner(m_sorted);
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
    setVisible(m_shown && any);
    layout()->invalidate();
    const int before = std::exchange(m_taken, takenHeight());
    if (before != m_taken) emit heightChanged();
}

MapsFooters MapsStrips::footers(const std::shared_ptr<const Model>& model, int block, int head) const {
    return [model, block, head, sorted = m_buckets->sorted()](const MapsSubject& subject) {
        const MapsBlock& inHand = subject.scene.blocks[static_cast<std::size_t>(block)];
        std::vector<MapFooter> footers;
        for (const StripPicture& picture : {expertPicture(expertRows(subject.scene, *subject.trace, model->config())),
                                            depthPicture(depthRows(subject.scene, *subject.trace, model->config())),
                                            bucketPicture(headBuckets(inHand, *subject.trace, head), sorted)}) {
            if (picture.rows.empty()) continue;
            footers.push_back({[picture] { return picture.height(); },
                               [picture](QPainter& painter, const QRectF& room) { picture.paint(painter, room); }});
        }
        return footers;
    };
}

void MapsStrips::addFigures(std::vector<FigureOffer>& offers, const FigureSubject& subject) const {
    m_buckets->addFigure(offers, subject);
    m_depth->addFigure(offers, subject);
    addExpertFigure(offers, *m_experts, subject);
}

}  // namespace lab
