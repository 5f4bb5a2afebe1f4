#pragma once

#include <QStringList>
#include <QWidget>
#include <memory>

#include "core/analysis/attention_memory.h"

namespace lab {

/// What the bars show.
struct BridgeScene {
    std::shared_ptr<const BridgeLook> look;  ///< null: nothing
    QStringList tokens;                      ///< of the keys
    int update = 1;                          ///< of which the third row has the weights
};

/// Whether something is added to the scores: a bias, or −∞ where the query may not look.
bool addsToScores(const BridgeLook& look);

/// A head's keys as stored patterns: their tokens, the weights of one update as bars, and as two rows of numbers those of the Hopfield
/// network and those of attention; below, what is added to the scores, and the weights of a further update. Left and Right go from key to
/// key.
class BridgeBars : public QWidget {
    Q_OBJECT

public:
    explicit BridgeBars(QWidget* parent = nullptr);

    void setScene(BridgeScene scene);
    const BridgeScene& scene() const { return m_scene; }
    int cursor() const { return m_cursor; }
    QRectF keyRect(int key) const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paint(QPainter& painter, const QRectF& room, const BridgeScene& scene);
    /// Logical px that so many keys take.
    static double widthOf(int keys);

signals:
    /// This key shall be seen.
    void wantsToBeSeen(const QRect& part);

protected:
    bool event(QEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int keys() const;
    QString words(int key) const;
    void setCursorKey(int key);
    void describe();

    BridgeScene m_scene;
    int m_cursor = 0;
};

}  // namespace lab
