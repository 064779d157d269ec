//! Unicode folding before segmentation: full width to half width, traditional to simplified. charabia folds only after
//! segmentation, which splits 標準廠房 wrongly.

use std::collections::HashMap;
use std::ops::Range;
use std::sync::LazyLock;

use unicode_normalization::UnicodeNormalization as _;

/// Character pairs, traditional first: those of places, trades and sites.
const PAIRS: &str = "\
    標标準准廠厂園园區区塊块業业創创眾众間间辦办倉仓儲储產产製制術术開开發发髮发經经濟济電电機机車车醫医\
    藥药療疗軟软體体資资訊讯網网絡络雲云數数據据環环節节綠绿氣气煙烟鋼钢鐵铁鋁铝銅铜銀银紙纸紡纺織织傢家\
    飲饮農农飼饲養养漁渔館馆樓楼層层棟栋號号戶户積积畝亩頃顷畫画劃划計计設设備备項项預预稅税費费價价錢钱\
    萬万億亿兩两個个單单雙双東东廣广蘇苏寧宁慶庆陝陕遼辽龍龙雞鸡魯鲁贛赣閩闽滬沪遷迁漢汉鄭郑蘭兰濱滨連连\
    島岛錫锡鹽盐揚扬鎮镇嶺岭縣县鄉乡鄰邻灣湾臺台門门關关橋桥場场塢坞陽阳陰阴際际陸陆輪轮輸输運运轉转軌轨\
    載载輛辆較较輕轻選选邊边達达遠远進进還还這这適适過过時时書书會会議议論论證证評评試试識识讀读課课談谈\
    請请調调變变讓让認认記记許许該该說说語语誠诚協协勞劳動动務务勝胜勵励勢势參参員员問问啟启喬乔團团圍围\
    國国圖图圓圆聖圣執执報报壓压處处奪夺學学寶宝實实審审寫写寬宽導导專专將将對对屬属岡冈帶带幫帮幣币師师\
    幾几庫库應应廟庙廢废彈弹強强當当後后從从徑径復复複复徵征徹彻恆恒懷怀態态慮虑憑凭戰战戲戏擇择擊击擔担\
    擴扩擬拟攝摄損损換换揮挥搶抢捨舍採采掛挂掃扫敗败敵敌斷断於于曆历歷历暫暂曉晓條条來来楊杨極极構构樣样\
    樹树橫横檢检權权歐欧歡欢歲岁歸归殺杀殼壳毀毁決决沒没況况淨净減减測测湯汤溝沟滅灭滿满漸渐潔洁潛潜澤泽\
    濃浓濕湿災灾為为無无煉炼熱热營营燈灯燒烧爐炉爭争爾尔牆墙狀状獎奖獨独獲获獻献現现瑪玛畢毕異异癒愈監监\
    盤盘盧卢礎础確确碼码禮礼種种稱称穩稳窯窑競竞筆笔簡简簽签籌筹籃篮糧粮紅红純纯紐纽級级紗纱細细終终組组\
    結结給给統统絲丝絕绝維维綜综線线緊紧編编練练緻致縮缩總总績绩繼继續续罰罚羅罗聯联聲声職职聽听肅肃腦脑\
    腳脚膠胶臨临興兴舉举舊旧艙舱艦舰莊庄華华蓋盖蕭萧藍蓝藝艺蘆芦蟲虫補补裝装裡里裏里見见規规視视覽览觀观\
    訂订訪访訓训託托詢询詳详誤误諾诺謀谋謝谢譯译護护豐丰負负財财貢贡責责貨货販贩貫贯貴贵買买貸贷貿贸賀贺\
    賃赁賣卖賓宾賞赏質质購购贈赠趕赶躍跃軍军辭辞遊游郵邮鄧邓醬酱釀酿釋释針针釣钓鈕钮鉛铅鋰锂錄录鍊链鏈链\
    鍛锻鍍镀鑄铸長长閉闭閱阅闊阔隊队階阶隨随險险隱隐隸隶離离難难雜杂霧雾靈灵靜静韌韧頁页頂顶順顺領领頭头\
    頻频題题額额類类顯显風风飛飞飯饭飾饰餘余馬马駐驻駕驾騎骑驗验驅驱魚鱼鮮鲜鳳凤鴻鸿鵬鹏麗丽麥麦黃黄點点\
    黨党齊齐齡龄齒齿龐庞樁桩樑梁衛卫衝冲併并並并佈布傳传僅仅傷伤優优償偿儀仪內内冊册則则剛刚劑剂劉刘勻匀\
    匯汇厲厉鍾钟鐘钟鬥斗鬆松麵面薑姜係系繫系纖纤註注週周遲迟範范築筑隻只樸朴僕仆滷卤鹵卤鬱郁穀谷捲卷臘腊\
    蠟蜡闢辟闆板嚮向廚厨廁厕櫃柜憲宪幹干乾干礦矿碩硕磚砖塗涂塵尘壩坝壺壶鄔邬鄒邹";

static TABLE: LazyLock<HashMap<char, char>> = LazyLock::new(|| {
    let chars: Vec<char> = PAIRS.chars().collect();
    chars.chunks_exact(2).map(|pair| (pair[0], pair[1])).collect()
});

/// Folded text with the origin of each byte.
pub(super) struct Folded {
    pub(super) text: String,
    /// Range in the original text, per byte of the folded text.
    origins: Vec<Range<usize>>,
}

impl Folded {
    pub(super) fn new(original: &str) -> Self {
        let (mut text, mut origins) = (String::with_capacity(original.len()), Vec::with_capacity(original.len()));
        for (at, c) in original.char_indices() {
            for folded in std::iter::once(c).nfkc() {
                text.push(*TABLE.get(&folded).unwrap_or(&folded));
            }
            origins.resize(text.len(), at..at + c.len_utf8());
        }
        Self { text, origins }
    }

    /// Maps a range of the folded text to the original text.
    pub(super) fn origin(&self, at: &Range<usize>) -> Range<usize> {
        match (self.origins.get(at.start), self.origins.get(at.end.saturating_sub(1))) {
            (Some(first), Some(last)) => first.start..last.end,
            _ => 0..0,
        }
    }
}
