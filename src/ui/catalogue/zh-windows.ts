import type { windowWords } from './en-windows.ts'
import { key, keys } from './live-keys.ts'
import type { Words } from './words.ts'

const CHOOSE = keys('choosePrevious', 'chooseNext')

export const zhWindowWords: Words<typeof windowWords> = {
  search: {
    title: (where) => (where === undefined ? '搜索全部会话' : `搜索 ${where}`),
    hint: '输入关键词：找出包含所有这些词的消息。',
    searching: '正在搜索…',
    nothing: (everywhere) =>
      everywhere ? '没有找到。' : `这里没有找到。按 ${key('searchAll', 'search')} 搜索全部会话。`,
    more: '更多…',
    offline: '未连接：搜索需要服务器。',
    unavailable: `服务器正在建立索引，暂时无法搜索。按 ${key('accept')} 重试。`,
    keys: `${CHOOSE} 选择 · ${key('accept')} 跳转 · ${key('searchAll', 'search')} 本会话/全部 · ${key('close')} 关闭`,
    keysShort: `${CHOOSE} · ${key('accept')} 跳转 · ${key('searchAll', 'search')} 范围 · ${key('close')} 关闭`,
    notes: '给自己的笔记',
    somewhere: '其他会话',
  },

  group: {
    title: (name) => `群组 ${name}`,
    topic: (text) => `话题    ${text}`,
    noTopic: '无',
    access: { unknown: '', public: '公开：任何人都可以加入', invite: '仅限受邀加入' },
    about: (access) => `加入    ${access}`,
    roles: {
      none: '你不是成员',
      member: '你是成员',
      admin: '你是管理员',
      owner: '你是群主',
    },
    members: (count, role) => `成员    ${count} · ${role}`,
    counted: (online, members) => `${members} 人，${online} 人在线`,
    count: (members) => `${members} 人`,
    keys: `${CHOOSE} 选择 · ${key('accept')} 执行 · ${key('close')} 关闭`,
  },

  account: {
    title: (name) => `${name} 的账号`,
    reading: {
      shown: '他人可以看到你的已读状态。',
      hidden: '他人看不到你的已读状态。',
    },
    unknown: '他人能否看到你的已读状态：正在查询…',
    keys: `${CHOOSE} 选择 · ${key('accept')} 执行 · ${key('close')} 关闭`,
  },

  special: {
    'logOut everywhere': '在所有设备上退出登录',
    shareReceipts: '他人能否看到已读状态',
    invite: '生成邀请',
    members: '成员',
    share: '分享链接',
    leaveGroup: '退出群组',
    renameGroup: '重命名',
    makePublic: '设为公开',
    makePrivate: '设为仅限受邀',
    deleteGroup: '删除群组',
    bans: '封禁名单',
  },

  sessions: {
    title: '已登录的设备',
    current: '本设备',
    now: '正在使用',
    used: (when) => `上次使用 ${when}`,
    created: (when) => `登录于 ${when}`,
    none: '没有已登录的设备。',
    keys: `${CHOOSE} · ${key('endChosen', 'list')} 下线 · ${key('endOthers', 'list')} 其他全部下线 · ${key('close')} 关闭`,
  },

  bans: {
    title: (group) => `${group} 的封禁名单`,
    none: '没有人被封禁。',
    keys: `${CHOOSE} 选择 · ${key('endChosen', 'list')} 解除封禁 · ${key('close')} 关闭`,
  },

  invites: {
    title: (group) => (group === '' ? '你的邀请' : `${group} 的邀请`),
    none: '没有有效的邀请。/invite 可生成一个。',
    uses: (used, uses) => `已用 ${used}/${uses} 次`,
    until: (when) => `有效期至 ${when}`,
    by: (name) => `由 ${name} 生成`,
    keys: `${key('accept')} 显示邀请 · ${key('endChosen', 'list')} 撤销 · ${key('close')} 关闭`,
  },

  invite: {
    title: (group) => (group === '' ? '邀请' : `加入 ${group} 的邀请`),
    paste: '粘贴这一行的人都可以加入，请私下转交。',
    join: (group, code) => `已在本服务器上的人：/join ${group} ${code}`,
    lasts: (left, when) => `还可供 ${left} 人使用，有效期至 ${when}。`,
    keys: `${key('copyLine', 'invite')} 复制该行 · ${key('close')} 关闭`,
  },

  asks: {
    no: '不，返回',
    keys: `${CHOOSE} 选择 · ${key('accept')} 执行 · ${key('close')} 关闭`,
    removeMember: {
      title: (name, group) => `将 ${name} 移出 ${group}？`,
      help: '对方将看不到之后的消息。再次获准后可以回来。',
      yes: '移出',
    },
    ban: {
      title: (name, group) => `将 ${name} 封禁于 ${group}？`,
      help: '对方会被移出，解除封禁前不能回来。',
      yes: '封禁',
    },
    unban: {
      title: (name, group) => `允许 ${name} 回到 ${group}？`,
      help: '对方可以重新加入，但不会被自动添加。',
      yes: '解除封禁',
    },
    makeOwner: {
      title: (name, group) => `将 ${name} 设为 ${group} 的群主？`,
      help: '群主可以做任何事，包括撤销你的群主身份。',
      yes: '设为群主',
    },
    block: {
      title: (name) => `屏蔽 ${name}？`,
      help: '你不再收到对方的私聊；对方不能把你加入群组，也看不到你何时在线、输入或已读。对方尝试时会得知被屏蔽。在共同的群组里，双方仍能看到彼此的消息。',
      yes: '屏蔽',
    },
    revoke: {
      title: (code) => `撤销邀请 ${code}？`,
      help: '此邀请将不再有效。已经加入的人不受影响。',
      yes: '撤销',
    },
    endSession: {
      title: (device) => `让 ${device} 下线？`,
      help: '该设备会立即退出登录。',
      yes: '下线',
    },
    endOthers: {
      title: () => '让其他设备全部下线？',
      help: '此账号在其他设备上会立即退出登录。',
      yes: '全部下线',
    },
    logOutEverywhere: {
      title: () => '在所有设备上退出登录？',
      help: '此账号在所有设备上都会退出登录。这里待发的消息会丢失。',
      yes: '全部退出登录',
    },
  },

  forms: {
    keys: `${key('nextField')} 下一项 · ${key('accept')} 执行 · ${key('close')} 关闭`,
    keysOne: `${key('accept')} 执行 · ${key('close')} 关闭`,
    topic: {
      title: (group) => `${group} 的话题`,
      labels: ['话题'],
      help: ['只能有一行；留空则清除。'],
    },
    renameGroup: {
      title: (group) => `重命名 ${group}`,
      labels: ['新名称'],
      help: ['成员、消息和邀请都会保留。'],
    },
    addMembers: {
      title: (group) => `添加成员到 ${group}`,
      labels: ['名字'],
      help: ['多个名字用空格分隔。'],
    },
    deleteGroup: {
      title: (group) => `删除 ${group}`,
      labels: ['群组名'],
      help: ['所有人的所有消息都会被删除，无法恢复。', '请输入群组名以确认。'],
    },
    inviteCode: {
      title: (group) => `${group} 仅限受邀加入`,
      labels: ['邀请码'],
      help: ['请输入成员给你的邀请码，或粘贴整行。成员可用 /invite 生成。'],
    },
    password: {
      title: () => '修改密码',
      labels: ['当前密码', '新密码', '再输一次'],
      help: ['至少 8 个字符。其他设备会全部下线。'],
    },
    deleteAccount: {
      title: () => '注销账号',
      labels: ['密码', '你的名字'],
      help: [
        '你会退出所有群组，联系人和登录记录都会删除。你发过的消息会保留，你的名字不会再给任何人使用。请输入你的名字以确认。',
      ],
    },
    waiting: (n) => `有 ${n} 条消息尚未发送，将会丢失。`,
    notTheName: (name) => `名字不对，应为 ${name}。`,
    notTheSame: '两次输入的新密码不一致。',
    missing: (label) => `请填写：${label}。`,
  },

  done: {
    topic: (group) => `${group} 的话题已设置。`,
    renamed: (group) => `群组已改名为 ${group}。`,
    added: (names, group) => `${names.replaceAll(', ', '、')} 已加入 ${group}。`,
    removed: (name, group) => `${name} 已被移出 ${group}。`,
    banned: (name, group) => `${name} 已被 ${group} 封禁。`,
    unbanned: (name, group) => `${name} 可以重新加入 ${group} 了。`,
    role: {
      none: (name) => `${name} 不是成员。`,
      member: (name) => `${name} 现在是普通成员。`,
      admin: (name) => `${name} 现在是管理员。`,
      owner: (name) => `${name} 现在是群主。`,
    },
    public: (group) => `${group} 已设为公开：任何人都可以加入。`,
    private: (group, history) =>
      history
        ? `${group} 已设为仅限受邀；新成员可以看到以前的消息。`
        : `${group} 已设为仅限受邀；新成员只能看到加入后的消息。`,
    groupDeleted: (group) => `${group} 已删除。`,
    blocked: (name) => `已屏蔽 ${name} 的私聊；/unblock 可取消。`,
    unblocked: (name) => `已取消屏蔽 ${name}。`,
    revoked: '邀请已撤销。',
    sessionEnded: '该设备已下线。',
    othersEnded: '其他设备已全部下线。',
    password: '密码已修改，其他设备已全部下线。',
    accountDeleted: '账号已注销。',
    receipts: {
      shown: '他人可以看到你的已读状态。',
      hidden: '他人看不到你的已读状态。',
    },
    notBanned: (name, group) => `${name} 没有被 ${group} 封禁。`,
    notBlocked: (name) => `${name} 没有被屏蔽。`,
    needs: {
      admin: (group) => `只有 ${group} 的管理员和群主可以这样做。`,
      owner: (group) => `只有 ${group} 的群主可以这样做。`,
    },
    inviteNumbers: (uses, days) => `一个邀请可供 1 到 ${uses} 人使用，有效 1 到 ${days} 天。`,
    onlyPeople: `只能屏蔽人；退出群组请按 ${key('leaveGroup', 'lists')}。`,
    onlyGroups: '这项操作只适用于群组：请先打开一个群组。',
    roleWords: '请在名字后写 owner、admin 或 member。',
    elsewhere: (address) => `这一行指向另一台服务器：请先离开这里，再连接 ${address}。`,
    noGroup: '这一行指向本服务器，但没有指明群组。',
    history: '请写 /private 或 /private history。',
    onOff: '请写 on 或 off。',
    everywhere: '请写 /logout 或 /logout everywhere。',
    leftTo: (name) => `你是唯一的群主：${name} 将接任。`,
    leftToNobody: {
      unknown: '你是最后一名成员。公开群组会保留消息，仅限受邀的群组会就此结束。',
      public: '你是最后一名成员。群组会保留消息，以后任何人都可以加入。',
      invite: '你是最后一名成员：你退出后，群组就此结束。',
    },
    notFound: '无法显示这条消息：它不在你的任何会话中。',
  },

  advice: {
    registrationClosed: '请服务器管理者为你创建账号。',
    badInvite: '请向邀请你的人要一个新的。',
    banned: '群组管理员可以解除封禁。',
    storageFull: '需要服务器管理者腾出空间。',
  },
}
