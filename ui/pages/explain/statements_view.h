#pragma once

#include <QElapsedTimer>
#include <QJsonObject>
#include <QWidget>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "core/explain/statements/statement.h"
#include "ui/runs/latest_task.h"

class QGridLayout;
class QLabel;
class QListWidget;
class QScrollArea;
class QTimer;
class QVBoxLayout;

namespace lab {

class Button;
class DrawingView;
class PanelFrame;
class ThemedLabel;

/// Statements as people and chatbots make them: the reader judges first, then why, the numbers, the pictures. What was judged stays, also
/// in a session. Keys: 1 to 4 judge, Up and Down choose, Enter goes on to the next, Escape leaves.
class StatementsView : public QWidget {
    Q_OBJECT

public:
    explicit StatementsView(QWidget* parent = nullptr);

    /// The same model at another moment changes the numbers in place.
    void setScene(const explain::StatementScene& scene);
    /// False when there is none of this name.
    bool show(const QString& id);
    QString current() const;
    void judge(explain::Verdict verdict);
    /// What was said of it; nothing before.
    std::optional<explain::Verdict> judged(const QString& id) const;
    /// Each statement's id with the number of its verdict.
    QJsonObject judgements() const;
    void setJudgements(const QJsonObject& judgements);

signals:
    void closed();
    void placeWanted(const QString& place);

protected:
    bool event(QEvent* event) override;
    void keyPressEvent(QKeyEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    QWidget* makeList();
    QWidget* makeBody();
    void makeVerdicts(QVBoxLayout* column);
    bool takes(const QKeyEvent& event) const;
    bool takeKey(const QKeyEvent& event);
    void move(int by);
    void fillList();
    void markList();
    void fillBody();
    void fillListings();
    void layListings();
    void fillVerdict();
    void showEvidence();
    void fillNumbers(const explain::Evidence& evidence);
    void fillDrawings(const explain::Evidence& evidence);
    void train();
    const explain::Statement& statement() const;

    explain::StatementScene m_scene;
    std::map<std::string, explain::Verdict, std::less<>> m_judged;
    int m_current = 0;  ///< of statements()
    PanelFrame *m_listPanel, *m_bodyPanel;
    QListWidget* m_list;
    QScrollArea* m_scroll;
    ThemedLabel *m_claim, *m_setting, *m_verdict, *m_why, *m_whose;
    QWidget *m_listings, *m_numbers, *m_drawings;
    std::vector<Button*> m_verdicts;
    std::vector<QLabel*> m_values;  ///< of the numbers
    std::vector<QString> m_asked;   ///< what they are of
    std::vector<DrawingView*> m_pictures;
    Button *m_train, *m_showMe, *m_next;
    QTimer* m_later;       ///< what is costly to tell waits while the numbers change many times a second
    QElapsedTimer m_told;  ///< since then
    qint64 m_cost = 0;     ///< ms of the last telling
    LatestTask m_training;
};

}  // namespace lab
