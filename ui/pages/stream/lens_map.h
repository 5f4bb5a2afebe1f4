#pragma once

#include "ui/pages/stream/cell_map.h"
#include "ui/pages/stream/lens_scene.h"

namespace lab {

/// A lens as cells. The last row, which is the model's answer, and the last position stay in sight while others are scrolled.
class LensMap : public CellMap {
    Q_OBJECT

public:
    explicit LensMap(QWidget* parent = nullptr);

    void setScene(const LensScene& scene);
    const LensScene& scene() const { return m_scene; }
    /// The ten likeliest of the cell, and what is read there.
    QString tip(MapCell cell) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    const CellLayout& layoutNow() const override { return m_layout; }
    CellLayout& layOut(const QSizeF& room) override;
    void paintAll(QPainter& painter) override;
    QString tipAt(const QPointF& at) const override { return tip(m_layout.cellAt(at)); }
    void describe() override;

private:
    LensScene m_scene;
    CellLayout m_layout;
};

}  // namespace lab
