#pragma once

#include <QWidget>
#include <vector>

namespace lab {

/// Surprise along a text: a bar a token, the prompt as a grey field, the mean as a dotted line. A click chooses a token; so do Left and
/// Right, Home and End.
class SurpriseStrip : public QWidget {
    Q_OBJECT

public:
    explicit SurpriseStrip(QWidget* parent = nullptr);

    /// `bits`: of each written token; `prompt`: tokens before them. chosen: place in the whole text, negative for none.
    void setBits(int prompt, std::vector<double> bits, int chosen);
    const std::vector<double>& bits() const { return m_bits; }
    double mean() const;

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

    static void paint(QPainter& painter, const QRectF& room, int prompt, const std::vector<double>& bits, int chosen);

signals:
    void tokenChosen(int position);

protected:
    void paintEvent(QPaintEvent* event) override;
    void mousePressEvent(QMouseEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;

private:
    int m_prompt = 0;
    std::vector<double> m_bits;
    int m_chosen = -1;
};

}  // namespace lab
