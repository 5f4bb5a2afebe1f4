#pragma once

#include <QWidget>
#include <memory>

#include "core/memory/modern_look.h"
#include "ui/pages/memory/vector_paint.h"
#include "ui/widgets/export_panel.h"

namespace lab {

using ModernLookPtr = std::shared_ptr<const ModernLook>;

/// One update from left to right: the query, its dot product with each pattern, β times that, softmax, the mixture. Of more than eight
/// patterns only query and mixture. A click or the arrows choose the pattern that is asked for.
class ModernFlow : public QWidget {
    Q_OBJECT

public:
    static constexpr int mostRows = 8;

    explicit ModernFlow(QWidget* parent = nullptr);

    /// Null: nothing is stored.
    void setLook(ModernLookPtr look, const VectorForm& form);
    QRect rowRect(int row) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paint(QPainter& painter, const QRectF& room, const ModernLook& look, const VectorForm& form);

signals:
    void chosen(int pattern);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int rows() const;

    ModernLookPtr m_look;
    VectorForm m_form;
};

/// Under what β the query finds what: three small results with β, wrong pixels and largest weight.
class ModernSamples : public QWidget {
    Q_OBJECT

public:
    explicit ModernSamples(QWidget* parent = nullptr);

    void setLook(ModernLookPtr look, const VectorForm& form);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ModernLookPtr m_look;
    VectorForm m_form;
};

}  // namespace lab
