#pragma once

#include <QWidget>
#include <memory>

#include "core/codes/code_report.h"
#include "ui/widgets/color_map.h"

namespace lab {

/// Which codes the slots use.
struct UsageScene {
    std::shared_ptr<const codes::CodeReport> report;  ///< null: not measured
    codes::Code code;                                 ///< of the sequence shown: its cells are outlined; may be empty
    int slot = -1;                                    ///< in hand
};

/// From no sequence to the largest share, rounded up.
ColorScaling usageScaling(const codes::CodeReport& report);

/// How often each slot has each code over the test set: a row a slot with e^H at its end. Arrows move a cell in hand, Home and End go along
/// the row; a click takes the slot in hand.
class UsageMap : public QWidget {
    Q_OBJECT

public:
    explicit UsageMap(QWidget* parent = nullptr);

    void setScene(UsageScene scene);
    const UsageScene& scene() const { return m_scene; }
    void setEmptyText(const QString& text);
    QRectF cellRect(int slot, int code) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paint(QPainter& painter, const QRectF& room, const UsageScene& scene);
    /// Logical px at 100 % that so many slots take.
    static double heightOf(int slotCount);

signals:
    void slotChosen(int slot);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void focusInEvent(QFocusEvent* event) override;
    void focusOutEvent(QFocusEvent* event) override;

private:
    bool takesKey(int key) const;
    bool cellAt(const QPointF& point, int& slot, int& code) const;
    void moveTo(int slot, int code);
    QString words(int slot, int code) const;
    void describe();

    UsageScene m_scene;
    QString m_emptyText;
    int m_slot = 0, m_code = 0;  ///< the cell in hand
};

/// Its colour scale, for a title bar.
class UsageScale : public QWidget {
    Q_OBJECT

public:
    explicit UsageScale(QWidget* parent = nullptr);

    void setScaling(const ColorScaling& scaling);
    static void paint(QPainter& painter, const QRectF& room, const ColorScaling& scaling);

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    ColorScaling m_scaling;
};

}  // namespace lab
